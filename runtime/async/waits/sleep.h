#pragma once

#include <concepts>
#include <coroutine>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr {

namespace detail {

class [[nodiscard]] SleepAwaiter final : public Timer {
 public:
  explicit SleepAwaiter(Duration delay) noexcept : delay_(delay) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    resumption_.set(awaiting);
    Loop& loop = Loop::require("sleep");
    if (delay_ <= Duration::zero()) {
      loop.call_soon(resumption_);
    } else {
      start_after(loop, delay_);
    }
  }
  void await_resume() const noexcept {}

 private:
  void on_timer() override { resumption_.run(); }

  Duration delay_;
  Resumption resumption_;
};

}  // namespace detail

/// Returns an awaitable that waits for `delay` while the loop runs; zero gives the loop one turn,
/// as asyncio.sleep(0). In coroutines, which continue in the root context. Destroying the waiting
/// task cancels the wait. (A template, so that an integer does not choose ::sleep of <unistd.h>.)
template <class Delay>
requires std::convertible_to<Delay, Seconds>
[[nodiscard]] detail::SleepAwaiter sleep(Delay delay) noexcept {
  return detail::SleepAwaiter(Seconds(delay));
}

}  // namespace aiopyr
