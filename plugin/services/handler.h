#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>

namespace aiopyr::uwsgi {

/// A handler of a signal, a message and so on: a function, or a coroutine function, of these
/// arguments or of none.
template <class F, class... Args>
concept Handles = std::invocable<const F&, Args...> || std::invocable<const F&>;

namespace detail {

/// Returns `f` as a plain function. It waits for a coroutine, which needs a fiber.
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

/// Runs `f`, whose waits park a fiber if there is one. On a fiber, in a thread or in a mule it runs
/// at once; in the root context it runs on a fiber of its own when the Deferred is awaited.
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
