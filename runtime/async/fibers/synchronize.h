#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/callable_name.h>

namespace aiopyr {

/// Makes `synchronize` return a Deferred instead of requiring a fiber: Aiopyramid's strict=False.
struct NonStrict {};
inline constexpr NonStrict non_strict{};

/// A coroutine function that framework code calls as a plain function. Made by synchronize().
template <class F>
class Synchronized {
 public:
  explicit Synchronized(F f) : f_(std::move(f)) {}

  /// Runs the coroutine on the loop while the calling fiber is parked, and returns or throws what
  /// it does. Cancelling the fiber cancels the coroutine and throws CancelledError. Throws
  /// ScopeError when not on a fiber; the coroutine then does not begin. Arguments are passed as the
  /// coroutine function takes them; references stay valid, as the caller waits.
  template <class... Args>
  requires CoroutineFunction<const F&, Args...>
  auto operator()(Args&&... args) const {
    if (current_context() != Context::kFiber) throw_scope_error(callable_name(f_));
    return wait_on_fiber(std::invoke(f_, std::forward<Args>(args)...));
  }

 private:
  F f_;
};

namespace detail {

template <class F, class T>
Task<T> run_and_keep(std::shared_ptr<F> f, Task<T> task) {
  static_cast<void>(f);
  co_return co_await std::move(task);
}

/// Calls f(arguments...), with a copy of f that lives as long as the task.
template <class F, class... Args>
auto call_and_keep(const F& f, Args&&... args) {
  if constexpr (std::is_empty_v<F> || !std::is_class_v<F>) {
    return std::invoke(f, std::forward<Args>(args)...);
  } else {
    auto kept = std::make_shared<const F>(f);
    auto task = std::invoke(*kept, std::forward<Args>(args)...);
    return run_and_keep(std::move(kept), std::move(task));
  }
}

}  // namespace detail

/// Like Synchronized, but in the root context it returns the coroutine, to be awaited.
template <class F>
class LooselySynchronized {
 public:
  explicit LooselySynchronized(F f) : f_(std::move(f)) {}

  template <class... Args>
  requires CoroutineFunction<const F&, Args...>
  auto operator()(Args&&... args) const {
    using Result = typename std::invoke_result_t<const F&, Args...>::value_type;
    if (current_context() != Context::kFiber) {
      return Deferred<Result>(detail::call_and_keep(f_, std::forward<Args>(args)...));
    }
    if constexpr (std::is_void_v<Result>) {
      wait_on_fiber(std::invoke(f_, std::forward<Args>(args)...));
      return Deferred<void>(std::monostate{});
    } else {
      return Deferred<Result>(wait_on_fiber(std::invoke(f_, std::forward<Args>(args)...)));
    }
  }

 private:
  F f_;
};

namespace detail {

template <class F>
struct ReturnsPlain : std::false_type {};
template <class R, class... Args>
struct ReturnsPlain<R (*)(Args...)> : std::bool_constant<!AnyTask<R>> {};
template <class R, class C, class... Args>
struct ReturnsPlain<R (C::*)(Args...)> : std::bool_constant<!AnyTask<R>> {};
template <class R, class C, class... Args>
struct ReturnsPlain<R (C::*)(Args...) const> : std::bool_constant<!AnyTask<R>> {};

/// A function that is known, before any call, to return no Task.
template <class F>
concept PlainFunction = ReturnsPlain<F>::value || ReturnsPlain<decltype(&F::operator())>::value;

}  // namespace detail

/// Wraps a coroutine function (a free function, a lambda, or a pointer to a member, which then
/// takes the object first) so that framework code calls it as a plain function: aiopyramid.helpers
/// .synchronize. A plain function does not compile, where Aiopyramid raises ConfigurationError:
/// there is nothing to synchronize, so call it directly.
template <class F>
requires(!detail::PlainFunction<std::decay_t<F>>) auto synchronize(F&& f) {
  return Synchronized<std::decay_t<F>>(std::forward<F>(f));
}

/// Refuses plain functions, with a sentence.
template <class F>
requires(detail::PlainFunction<std::decay_t<F>>) void synchronize(F&&) {
  static_assert(
      detail::kNever<F>,
      "nothing to synchronize: synchronize() takes a coroutine function, one that gives a "
      "Task. Call a plain function directly");
}
template <class F>
requires(detail::PlainFunction<std::decay_t<F>>) void synchronize(F&&, NonStrict) {
  static_assert(
      detail::kNever<F>,
      "nothing to synchronize: synchronize() takes a coroutine function, one that gives a "
      "Task. Call a plain function directly");
}

/// Wraps with strict=False: see LooselySynchronized.
template <class F>
requires(!detail::PlainFunction<std::decay_t<F>>) auto synchronize(F&& f, NonStrict) {
  return LooselySynchronized<std::decay_t<F>>(std::forward<F>(f));
}

}  // namespace aiopyr
