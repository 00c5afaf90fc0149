#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/tasks/result.h>

namespace aiopyr::clients {

/// The place where the answer of one operation arrives. A connection holds it until the answer is
/// complete, the coroutine that asked holds it while it waits. An operation belongs to its
/// connection: a coroutine that is destroyed abandons the answer, and the connection still reads
/// it, at its place in the order, and drops it.
///
/// Loop thread only. Made by std::make_shared.
template <class T>
class Completion {
 public:
  Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  /// Returns whether nobody waits any more: the answer is read and dropped.
  [[nodiscard]] bool is_abandoned() const noexcept { return abandoned_; }
  /// Returns whether a value or an error has arrived.
  [[nodiscard]] bool is_set() const noexcept { return result_.is_set(); }

  /// Stores the value, made from `arguments`; the waiting coroutine continues in the loop's next
  /// turn. Only the first value or error counts.
  template <class... Arguments>
  void succeed(Arguments&&... arguments) {
    if (is_set() || abandoned_) return;
    result_.capture([&]() -> T { return T(std::forward<Arguments>(arguments)...); });
    wake();
  }

  /// Stores an error, in the same way.
  void fail(std::exception_ptr error) {
    if (is_set() || abandoned_) return;
    result_.set_error(std::move(error));
    wake();
  }

  /// Waits for the answer. Destroying the waiting task abandons the operation, also when the answer
  /// has arrived and the task has not continued yet.
  class [[nodiscard]] Awaiter {
   public:
    explicit Awaiter(std::shared_ptr<Completion> completion) noexcept
        : completion_(std::move(completion)) {}
    Awaiter(Awaiter&&) = delete;
    ~Awaiter() { completion_->abandoned_ = true; }

    [[nodiscard]] bool await_ready() const noexcept { return completion_->is_set(); }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
      resumption_.set(awaiting);
      completion_->waiter_ = &resumption_;
    }
    T await_resume() { return completion_->result_.take(); }

   private:
    std::shared_ptr<Completion> completion_;
    aiopyr::detail::Resumption resumption_;
  };

 private:
  void wake() noexcept {
    if (waiter_ != nullptr) Loop::current()->call_soon(*std::exchange(waiter_, nullptr));
  }

  aiopyr::detail::Result<T> result_;
  Runnable* waiter_ = nullptr;
  bool abandoned_ = false;
};

/// Returns an awaitable that gives the answer. One coroutine may wait, once.
template <class T>
[[nodiscard]] typename Completion<T>::Awaiter wait(std::shared_ptr<Completion<T>> completion) {
  return typename Completion<T>::Awaiter(std::move(completion));
}

}  // namespace aiopyr::clients
