#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/uwsgi/signals.h>

/// Sources that raise a signal by themselves: timers, cron entries, file monitors. The master keeps
/// all of them, so there is one of each however many workers there are, and a busy or dead worker
/// delays none. For work of a single worker use sleep().
///
/// Called when the app is configured. With `lazy-apps` every worker calls them; existing entries
/// are not added again. All throw ConfigurationError if there is no master, or there are already 64
/// of the kind.
namespace aiopyr::uwsgi {

/// The time of a cron entry; -1 stands for any, -N for every N-th. `weekday`: 0 or 7 is Sunday.
struct CronTime {
  int minute = -1;
  int hour = -1;
  int day = -1;
  int month = -1;
  int weekday = -1;
};

/// Raises `signal` every so many seconds, by a timer of the kernel. `seconds` are 1 or more.
void add_timer(std::uint8_t signal, int seconds);

/// Raises `signal` by the master's own tree of timers, to the second; `iterations` times, 0 for
/// ever.
void add_rb_timer(std::uint8_t signal, int seconds, int iterations = 0);

/// Raises `signal` at that local time.
void add_cron(std::uint8_t signal, const CronTime& when);

/// Raises `signal` when a file or a folder changes (inotify). Throws ConfigurationError unless it
/// exists and its absolute path is shorter than 255 bytes.
void add_file_monitor(std::uint8_t signal, std::string_view path);

/// Registers the handler for a free signal, and returns that signal: uwsgidecorators' timer,
/// rb_timer, cron and filemon. `handler` and `target` as in register_signal.
template <Handles<std::uint8_t> F>
std::uint8_t timer(int seconds, F handler, std::string_view target = "worker") {
  const std::uint8_t signal = free_signal();
  register_signal(signal, std::move(handler), target);
  add_timer(signal, seconds);
  return signal;
}

template <Handles<std::uint8_t> F>
std::uint8_t rb_timer(int seconds, F handler, int iterations = 0,
                      std::string_view target = "worker") {
  const std::uint8_t signal = free_signal();
  register_signal(signal, std::move(handler), target);
  add_rb_timer(signal, seconds, iterations);
  return signal;
}

template <Handles<std::uint8_t> F>
std::uint8_t cron(const CronTime& when, F handler, std::string_view target = "worker") {
  const std::uint8_t signal = free_signal();
  register_signal(signal, std::move(handler), target);
  add_cron(signal, when);
  return signal;
}

template <Handles<std::uint8_t> F>
std::uint8_t filemon(std::string_view path, F handler, std::string_view target = "worker") {
  const std::uint8_t signal = free_signal();
  register_signal(signal, std::move(handler), target);
  add_file_monitor(signal, path);
  return signal;
}

}  // namespace aiopyr::uwsgi
