#include <climits>
#include <cstdlib>
#include <memory>
#include <string>

#include <aiopyr/plugin/server/registration_lock.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/uwsgi/timers.h>

namespace aiopyr::uwsgi {

namespace {

/// The most entries of a kind for which uWSGI has room.
constexpr int kMost = 64;

void require_added(int result, const char* kind) {
  if (result == 0) return;
  throw ConfigurationError(std::string(kind) + " is not added: there are " + std::to_string(kMost) +
                           " already, which is the most");
}

void require_seconds(int seconds, const char* kind) {
  if (seconds >= 1) return;
  throw ConfigurationError(std::string(kind) + " of " + std::to_string(seconds) +
                           " seconds: expected 1 or more");
}

/// Returns whether one of the first `count` entries of uWSGI's table is `same`.
template <class Entry, class F>
bool has(const Entry* table, int count, F same) {
  for (const Entry* entry = table; entry != table + count; ++entry) {
    if (same(*entry)) return true;
  }
  return false;
}

std::string absolute_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  if (resolved) return resolved.get();
  throw ConfigurationError("file monitor of " + path + ": there is no such file or folder");
}

}  // namespace

void add_timer(std::uint8_t signal, int seconds) {
  plugin::require_master("a timer");
  require_seconds(seconds, "a timer");
  const plugin::RegistrationLock lock;
  const auto& shared = *::uwsgi.shared;
  const bool there = has(shared.timers, shared.timers_cnt, [&](const uwsgi_timer& timer) {
    return timer.sig == signal && timer.value == seconds;
  });
  if (!there) require_added(uwsgi_add_timer(signal, seconds), "a timer");
}

void add_rb_timer(std::uint8_t signal, int seconds, int iterations) {
  plugin::require_master("a timer");
  require_seconds(seconds, "a timer");
  const plugin::RegistrationLock lock;
  const auto& shared = *::uwsgi.shared;
  const bool there =
      has(shared.rb_timers, shared.rb_timers_cnt, [&](const uwsgi_signal_rb_timer& timer) {
        return timer.sig == signal && timer.value == seconds && timer.iterations == iterations;
      });
  if (!there) require_added(uwsgi_signal_add_rb_timer(signal, seconds, iterations), "a timer");
}

void add_cron(std::uint8_t signal, const CronTime& when) {
  plugin::require_master("a cron entry");
  const plugin::RegistrationLock lock;
  const auto& shared = *::uwsgi.shared;
  const bool there = has(shared.cron, shared.cron_cnt, [&](const uwsgi_cron& cron) {
    return cron.sig == signal && cron.minute == when.minute && cron.hour == when.hour &&
           cron.day == when.day && cron.month == when.month && cron.week == when.weekday;
  });
  if (there) return;
  require_added(
      uwsgi_signal_add_cron(signal, when.minute, when.hour, when.day, when.month, when.weekday),
      "a cron entry");
}

void add_file_monitor(std::uint8_t signal, std::string_view path) {
  plugin::require_master("a file monitor");
  std::string absolute = absolute_path(std::string(path));
  if (absolute.size() >= UCHAR_MAX) {
    throw ConfigurationError("file monitor of " + absolute +
                             ": its path must be shorter than 255 bytes");
  }
  const plugin::RegistrationLock lock;
  const auto& shared = *::uwsgi.shared;
  const bool there =
      has(shared.files_monitored, shared.files_monitored_cnt, [&](const uwsgi_fmon& monitor) {
        return monitor.sig == signal && absolute == monitor.filename;
      });
  if (!there) require_added(uwsgi_add_file_monitor(signal, absolute.data()), "a file monitor");
}

}  // namespace aiopyr::uwsgi
