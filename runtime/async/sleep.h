#pragma once

#include <chrono>
#include <coroutine>
#include <type_traits>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/timer.h>

namespace aiopyr {

namespace detail {

class SleepAwaiter final : public Timer {
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

/// Awaitable: lets the loop go on for `delay`; zero or less gives it one turn, as asyncio.sleep(0).
/// In coroutines. Cancelled by destroying the task that waits.
inline detail::SleepAwaiter sleep(Duration delay) noexcept { return detail::SleepAwaiter(delay); }

/// The same in seconds. (A template, so that an integer does not choose ::sleep of <unistd.h>.)
template <class Number>
requires std::is_arithmetic_v<Number> detail::SleepAwaiter sleep(Number seconds)
noexcept { return detail::SleepAwaiter(to_duration(static_cast<double>(seconds))); }

}  // namespace aiopyr
