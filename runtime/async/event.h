#pragma once

#include <coroutine>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/runnable.h>

namespace aiopyr {

/// A flag that coroutines wait for, as asyncio.Event. Loop thread only; must outlive its waiters.
class Event {
 public:
  /// Wakes everybody who waits, in the order of their coming, in the loop's next turn.
  void set() {
    set_ = true;
    if (waiters_.empty()) return;
    Loop& loop = Loop::require("Event::set");
    while (!waiters_.empty()) loop.call_soon(waiters_.pop_front());
  }
  void clear() noexcept { set_ = false; }
  [[nodiscard]] bool is_set() const noexcept { return set_; }

  class Awaiter {
   public:
    explicit Awaiter(Event& event) noexcept : event_(event) {}
    [[nodiscard]] bool await_ready() const noexcept { return event_.set_; }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
      resumption_.set(awaiting);
      event_.waiters_.push_back(resumption_);
    }
    void await_resume() const noexcept {}

   private:
    Event& event_;
    detail::Resumption resumption_;
  };

  /// Awaitable: goes on at once where the flag is set, else once it is. Cancelling the wait leaves
  /// no trace.
  [[nodiscard]] Awaiter wait() noexcept { return Awaiter(*this); }

 private:
  bool set_ = false;
  IntrusiveList<Runnable> waiters_;
};

}  // namespace aiopyr
