#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>

namespace aiopyr::uwsgi {

/// What may handle a signal, a message and the like: a function, or a coroutine function, of these
/// arguments, or of none.
template <class F, class... Args>
concept Handles = std::invocable<const F&, Args...> || std::invocable<const F&>;

namespace detail {

/// `f` as a plain function. A coroutine is waited for, so it needs a fiber below it.
template <class Result, class... Args, class F>
std::function<Result(Args...)> plain_handler(F f) {
  if constexpr (!std::invocable<const F&, Args...>) {
    return plain_handler<Result, Args...>([f = std::move(f)](const Args&...) { return f(); });
  } else if constexpr (AnyTask<std::invoke_result_t<const F&, Args...>>) {
    return [f = synchronize(std::move(f))](Args... args) -> Result {
      return f(std::forward<Args>(args)...);
    };
  } else {
    return std::function<Result(Args...)>(std::move(f));
  }
}

/// Runs `f`, whose waits park a fiber where there is one: on a fiber, in a thread, in a mule it is
/// run here and now, in the root context on a fiber of its own when the Deferred is awaited.
template <class F>
auto wait_or_defer(F f) -> Deferred<std::invoke_result_t<F&>> {
  using Result = std::invoke_result_t<F&>;
  if (current_context() == Context::kLoop) return Deferred<Result>(spawn_fiber(std::move(f)));
  if constexpr (std::is_void_v<Result>) {
    f();
    return Deferred<void>(std::monostate{});
  } else {
    return Deferred<Result>(f());
  }
}

}  // namespace detail
}  // namespace aiopyr::uwsgi
