#include <bitset>
#include <deque>
#include <optional>
#include <string>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/services/hooks.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/uwsgi/signals.h>

namespace aiopyr::uwsgi {

namespace {

/// The registrations of this process. Never destroyed: a signal may come while it exits.
struct Registered {
  std::bitset<256> numbers;
  std::deque<SignalHandler> handlers;  // uWSGI's table points into it
};

Registered& registered() {
  static auto* const kept = new Registered;
  return *kept;
}

/// Returns whether an entry was left by the process before: with lazy-apps, a worker's part of the
/// table survives the worker.
bool is_left_by_predecessor(const uwsgi_signal_entry& entry, std::uint8_t signal) {
  return ::uwsgi.mywid > 0 && entry.wid == ::uwsgi.mywid && entry.modifier1 == plugin::kModifier1 &&
         !registered().numbers[signal];
}

bool is_free(std::uint8_t signal) {
  const auto& entry = ::uwsgi.shared->signal_table[::uwsgi.mywid * 256 + signal];
  return entry.handler == nullptr || is_left_by_predecessor(entry, signal);
}

/// Returns whether `target` is `kind` followed by one of the numbers from 1 to `most`.
bool is_numbered(std::string_view target, std::string_view kind, int most) {
  if (!target.starts_with(kind)) return false;
  const auto number = parse_number<int>(target.substr(kind.size()));
  return number && *number >= 1 && *number <= most;
}

bool is_farm(std::string_view target) {
  constexpr std::string_view kPrefix = "farm_";
  if (!target.starts_with(kPrefix)) return false;
  return get_farm_by_name(const_cast<char*>(std::string(target.substr(kPrefix.size())).c_str())) !=
         nullptr;
}

/// Throws for a bad target: uWSGI itself would notice only when the signal comes, and read beyond
/// its tables.
void require_target(std::string_view target) {
  if (target.empty() || target == "worker" || target == "workers" || target == "active-workers") {
    return;
  }
  if (is_numbered(target, "worker", ::uwsgi.numproc)) return;
  if ((target == "mule" || target == "mules") && ::uwsgi.mules_cnt > 0) return;
  if (is_numbered(target, "mule", ::uwsgi.mules_cnt)) return;
  if (target == "spooler" && ::uwsgi.spoolers != nullptr) return;
  if (is_farm(target)) return;
  throw ConfigurationError("register_signal: this instance has no '" + std::string(target) +
                           "': expected worker, workers, active-workers, workerN, mule, mules, "
                           "muleN, spooler or farm_NAME, and that it is configured");
}

void require_sender() {
  plugin::require_master("signal()");
  if (plugin::is_starting()) {
    throw Error(
        "signal(): nobody is there yet to get it; raise it in a worker, a mule or a spooler");
  }
}

void send_to_node(std::uint8_t signal, std::string node) {
  // uWSGI cuts the address in two, in place.
  const int answer = uwsgi_remote_signal_send(node.data(), signal);
  if (answer == 1) return;
  throw Error("signal " + std::to_string(signal) + " has not reached " + node.c_str() +
              (answer == 0 ? ": its queue is full"
                           : ": is it a uwsgi socket, and has the instance the plugin signal?"));
}

}  // namespace

void detail::register_signal(std::uint8_t signal, SignalHandler handler, std::string_view target) {
  const std::string name = "signal " + std::to_string(signal);
  plugin::require_master("a handler of " + name);
  require_target(target);
  if (!is_free(signal)) {
    throw ConfigurationError(name + " has a handler already: use free_signal()");
  }
  auto& kept = registered().handlers.emplace_back(std::move(handler));
  std::string receiver(target);
  if (uwsgi_register_signal(signal, receiver.data(), &kept, plugin::kModifier1) != 0) {
    throw ConfigurationError(name +
                             " is not registered: signals are registered in the master or "
                             "in a worker, when the app is configured");
  }
  registered().numbers.set(signal);
}

std::uint8_t free_signal() {
  plugin::require_master("a signal");
  for (int signal = 0; signal < 256; ++signal) {
    if (is_free(static_cast<std::uint8_t>(signal))) return static_cast<std::uint8_t>(signal);
  }
  throw ConfigurationError("all 256 signals are registered");
}

bool signal_registered(std::uint8_t signal) { return ::uwsgi.master_process && !is_free(signal); }

void signal(std::uint8_t signal) {
  require_sender();
  if (uwsgi_signal_send(::uwsgi.signal_socket, signal) == 0) return;
  throw Error("signal " + std::to_string(signal) +
              " is lost: the master has too many to pass on; raise signal-bufsize");
}

Deferred<void> signal(std::uint8_t signal, std::string node) {
  auto send = [signal, node = std::move(node)] { send_to_node(signal, node); };
  return detail::wait_or_defer(std::move(send));
}

}  // namespace aiopyr::uwsgi

namespace aiopyr::plugin {

int handle_signal(std::uint8_t signal, void* handler) noexcept {
  try {
    (*static_cast<uwsgi::SignalHandler*>(handler))(signal);
    return 0;
  } catch (const CancelledError&) {
    return 0;  // the worker ends
  } catch (...) {
    log_exception("handler of signal " + std::to_string(signal), std::current_exception());
    return -1;
  }
}

}  // namespace aiopyr::plugin
