#pragma once

#include <coroutine>

namespace aiopyr {

class TaskContext;

namespace detail {

/// Returns the context of a coroutine; null for none, and for coroutines that are no Task.
template <class Promise>
TaskContext* context_of(std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (requires { coroutine.promise().context(); }) {
    return coroutine.promise().context();
  } else {
    return nullptr;
  }
}

/// Gives the awaiting coroutine its own context, without waiting.
class [[nodiscard]] TaskContextAwaiter {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    context_ = context_of(awaiting);
    return false;
  }
  [[nodiscard]] TaskContext* await_resume() const noexcept { return context_; }

 private:
  TaskContext* context_ = nullptr;
};

}  // namespace detail

}  // namespace aiopyr
