#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/uwsgi/handler.h>

/// uWSGI's signals: numbers from 0 to 255 that the master passes on to a process, where a handler
/// is called. They carry nothing else, and are not those of Unix. They need a master.
namespace aiopyr::uwsgi {

using SignalHandler = std::function<void(std::uint8_t signal)>;

namespace detail {
void register_signal(std::uint8_t signal, SignalHandler handler, std::string_view target);
}

/// Has `handler` called for `signal`: a function or a coroutine function of the signal's number, or
/// of nothing. In a worker it runs on a fiber, so it may wait (co_await, synchronized calls) while
/// requests go on; in a mule or a spooler nothing else runs meanwhile, and there is no loop, so it
/// must be a plain function. What it throws is logged.
///
/// `target` says who is to get it: "worker" (the first that is free, also ""), "workers" (all),
/// "active-workers", "workerN", "mule" (any), "mules", "muleN", "spooler", "farm_NAME".
///
/// When the app is configured. Each number once: throws ConfigurationError where it is taken, where
/// the target is none, and where there is no master.
template <Handles<std::uint8_t> F>
void register_signal(std::uint8_t signal, F handler, std::string_view target = "worker") {
  detail::register_signal(signal, detail::plain_handler<void, std::uint8_t>(std::move(handler)),
                          target);
}

/// A number that nobody has registered yet. Throws ConfigurationError where there is none.
[[nodiscard]] std::uint8_t free_signal();

/// Whether the number has a handler.
[[nodiscard]] bool signal_registered(std::uint8_t signal);

/// Raises `signal`: the master passes it on. From a worker, a mule or a spooler, any thread; does
/// not wait. Throws Error where the master's queue is full (`signal-bufsize`).
void signal(std::uint8_t signal);

/// Raises `signal` in another instance, whose uwsgi socket is at `node` ("127.0.0.1:3031" or a
/// path), with uWSGI's plugin `signal` there. On a fiber it is done when this returns, a coroutine
/// awaits it, a thread or a mule is blocked; `socket-timeout` seconds at most for each step.
/// Throws Error where the node cannot be reached or refuses.
Deferred<void> signal(std::uint8_t signal, std::string node);

}  // namespace aiopyr::uwsgi
