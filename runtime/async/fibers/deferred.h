#pragma once

#include <concepts>
#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

/// A value in framework code, an awaitable in a coroutine: the result of a function that can be
/// called from both (Aiopyramid's spawn_greenlet_on_scope_error).
///
/// On a fiber the value exists at once. In the root context the work begins when the Deferred is
/// awaited. Used once. Write `request.is_authenticated().get()` in framework code and `co_await
/// request.is_authenticated()` in a coroutine. There is no implicit conversion, so that `if
/// (request.is_authenticated())`, which would throw in a coroutine, does not compile.
template <class T>
class [[nodiscard]] Deferred {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  using value_type = T;

  explicit Deferred(Task<T> task) : state_(std::in_place_index<1>, std::move(task)) {}
  template <class U = Value>
  requires(std::convertible_to<U&&, Value> && !AnyTask<U> &&
           !std::same_as<std::remove_cvref_t<U>, Deferred>) Deferred(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  /// Returns whether the value exists already.
  [[nodiscard]] bool is_ready() const noexcept { return state_.index() == 0; }

  /// Returns the value, in framework code. Throws ScopeError in the root context if the value does
  /// not exist yet: use co_await there.
  T get() && {
    if (!is_ready()) return wait_on_fiber(std::get<1>(std::move(state_)), "Deferred::get");
    if constexpr (!std::is_void_v<T>) return std::get<0>(std::move(state_));
  }

  /// Awaits the value, in a coroutine, which continues in the root context. Destroying the waiting
  /// task cancels the work.
  auto operator co_await() && { return Awaiter(std::move(state_)); }

 private:
  using State = std::variant<Value, Task<T>>;

  class [[nodiscard]] Awaiter {
   public:
    explicit Awaiter(State state) : state_(std::move(state)) {
      if (state_.index() == 1) task_.emplace(std::get<1>(std::move(state_)).operator co_await());
    }
    [[nodiscard]] bool await_ready() const noexcept { return !task_ || task_->await_ready(); }
    bool await_suspend(std::coroutine_handle<> awaiting) { return task_->await_suspend(awaiting); }
    T await_resume() {
      if (task_) return task_->await_resume();
      if constexpr (!std::is_void_v<T>) return std::get<0>(std::move(state_));
    }

   private:
    State state_;
    std::optional<decltype(std::declval<Task<T>>().operator co_await())> task_;
  };

  State state_;
};

}  // namespace aiopyr
