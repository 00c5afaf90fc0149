#pragma once

#include <coroutine>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>

namespace aiopyr {

namespace detail {

class [[nodiscard]] FdAwaiter final : public FdWatch {
 public:
  FdAwaiter(int fd, FdEvents events) noexcept : wanted_fd_(fd), wanted_(events) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    start(Loop::require("a wait for a file descriptor"), wanted_fd_, wanted_);
  }
  [[nodiscard]] FdEvents await_resume() const noexcept { return seen_; }

 private:
  void on_ready(FdEvents ready) override {
    seen_ = ready;
    stop();
    awaiting_.resume();
  }

  int wanted_fd_;
  FdEvents wanted_;
  FdEvents seen_ = FdEvents::kNone;
  std::coroutine_handle<> awaiting_;
};

inline Task<FdEvents> wait_for_fd_in_task(int fd, FdEvents events) {
  co_return co_await FdAwaiter(fd, events);
}

}  // namespace detail

/// Returns an awaitable that waits until `fd` is ready for one of `events` (errors and hang-ups
/// count), and gives the events for which it is. In coroutines, which continue in the root context;
/// `fd` must stay open until then. Destroying the waiting task cancels the wait.
[[nodiscard]] inline detail::FdAwaiter wait_for_fd(int fd, FdEvents events) noexcept {
  return detail::FdAwaiter(fd, events);
}

/// Waits in the same way for at most `timeout`; then throws TimeoutError.
[[nodiscard]] inline Task<FdEvents> wait_for_fd(int fd, FdEvents events, Seconds timeout) {
  return wait_for(detail::wait_for_fd_in_task(fd, events), timeout);
}

/// Waits as wait_for_fd() for reading.
[[nodiscard]] inline detail::FdAwaiter wait_readable(int fd) noexcept {
  return wait_for_fd(fd, FdEvents::kRead);
}

/// Waits as wait_for_fd() for writing.
[[nodiscard]] inline detail::FdAwaiter wait_writable(int fd) noexcept {
  return wait_for_fd(fd, FdEvents::kWrite);
}

}  // namespace aiopyr
