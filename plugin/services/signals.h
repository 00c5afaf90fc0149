#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/uwsgi/handler.h>

/// uWSGI's signals: numbers from 0 to 255 that the master passes on to a process, where a handler
/// is called. They carry nothing else, and are not Unix signals. They need a master.
namespace aiopyr::uwsgi {

using SignalHandler = std::function<void(std::uint8_t signal)>;

namespace detail {
void register_signal(std::uint8_t signal, SignalHandler handler, std::string_view target);
}

/// Calls `handler` for `signal`: a function or a coroutine function of the signal's number, or of
/// nothing. In a worker it runs on a fiber, so it may wait (co_await, synchronized calls) while
/// requests continue. In a mule or a spooler nothing else runs meanwhile, and there is no loop, so
/// it must be a plain function. Its exceptions are logged.
///
/// `target` selects the receiver: "worker" (the first free one, also ""), "workers" (all),
/// "active-workers", "workerN", "mule" (any), "mules", "muleN", "spooler", "farm_NAME".
///
/// Called when the app is configured. Each number once: throws ConfigurationError if it is taken,
/// if the target is invalid, and if there is no master.
template <Handles<std::uint8_t> F>
void register_signal(std::uint8_t signal, F handler, std::string_view target = "worker") {
  detail::register_signal(signal, detail::plain_handler<void, std::uint8_t>(std::move(handler)),
                          target);
}

/// Returns a number that is not registered yet. Throws ConfigurationError if there is none.
[[nodiscard]] std::uint8_t free_signal();

/// Returns whether the number has a handler.
[[nodiscard]] bool signal_registered(std::uint8_t signal);

/// Raises `signal`: the master passes it on. From a worker, a mule or a spooler, any thread; does
/// not wait. Throws Error if the master's queue is full (`signal-bufsize`).
void signal(std::uint8_t signal);

/// Raises `signal` in another instance, whose uwsgi socket is at `node` ("127.0.0.1:3031" or a
/// path), and which has uWSGI's plugin `signal`. On a fiber it is done when this returns; a
/// coroutine awaits it; a thread or a mule is blocked; each step takes at most `socket-timeout`
/// seconds. Throws Error if the node cannot be reached or refuses.
Deferred<void> signal(std::uint8_t signal, std::string node);

}  // namespace aiopyr::uwsgi
