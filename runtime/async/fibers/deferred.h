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

/// A value in framework code, an awaitable in a coroutine: what a call gives that cannot know which
/// of the two it was made from (Aiopyramid's spawn_greenlet_on_scope_error).
///
/// On a fiber the value is there at once; in the root context the work has not begun, and does when
/// the Deferred is awaited. Used once. `request.is_authenticated().get()` in framework code,
/// `co_await request.is_authenticated()` in a coroutine: it converts to nothing by itself, so that
/// `if (request.is_authenticated())`, which would throw in a coroutine, does not compile.
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

  /// Whether the value is there already.
  [[nodiscard]] bool is_ready() const noexcept { return state_.index() == 0; }

  /// The value, in framework code. In the root context, where it is not there yet, throws
  /// ScopeError: use co_await.
  T get() && {
    if (!is_ready()) return wait_on_fiber(std::get<1>(std::move(state_)), "Deferred::get");
    if constexpr (!std::is_void_v<T>) return std::get<0>(std::move(state_));
  }

  /// Awaits the value, in a coroutine, which goes on in the root context. Destroying the task that
  /// waits cancels the work.
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
