#pragma once

#include <cassert>
#include <coroutine>

#include <aiopyr/runtime/async/loop/exiting.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>

namespace aiopyr {

/// A flag that coroutines wait for, as asyncio.Event. Loop thread only.
///
/// It has to outlive its waiters: an assertion fails where it is destroyed before. With NDEBUG such
/// a waiter never continues; it can only be cancelled. A static event may be destroyed with waiters
/// when the process ends.
class Event {
 public:
  Event() = default;
  ~Event() {
    assert((waiters_.empty() || detail::is_exiting()) &&
           "an Event is destroyed while a coroutine waits for it: keep it until its waiters have "
           "gone on, or cancel their tasks first");
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  /// Sets the flag and wakes all waiters, in the order in which they came, in the loop's next turn.
  /// Throws ScopeError where there are waiters and this thread has no loop.
  void set() {
    set_ = true;
    if (waiters_.empty()) return;
    Loop& loop = Loop::require("Event::set");
    while (!waiters_.empty()) loop.call_soon(waiters_.pop_front());
  }
  void clear() noexcept { set_ = false; }
  [[nodiscard]] bool is_set() const noexcept { return set_; }

  class [[nodiscard]] Awaiter {
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

  /// Returns an awaitable that continues at once if the flag is set, else in the turn after it is
  /// set, in the root context, even if it was cleared meanwhile. Destroying the waiting task
  /// cancels the wait and leaves no trace.
  [[nodiscard]] Awaiter wait() noexcept { return Awaiter(*this); }

 private:
  bool set_ = false;
  IntrusiveList<Runnable> waiters_;
};

}  // namespace aiopyr
