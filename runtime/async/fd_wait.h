#pragma once

#include <coroutine>

#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/loop.h>

namespace aiopyr {

namespace detail {

class FdAwaiter final : public FdWatch {
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

}  // namespace detail

/// Awaitable: goes on when `fd` is ready for one of `events` (errors and hang-ups count), and says
/// for which. In coroutines; `fd` stays open until then. Put it in a Task for wait_for or first_of.
[[nodiscard]] inline detail::FdAwaiter wait_for_fd(int fd, FdEvents events) noexcept {
  return detail::FdAwaiter(fd, events);
}

[[nodiscard]] inline detail::FdAwaiter wait_readable(int fd) noexcept {
  return wait_for_fd(fd, FdEvents::kRead);
}

[[nodiscard]] inline detail::FdAwaiter wait_writable(int fd) noexcept {
  return wait_for_fd(fd, FdEvents::kWrite);
}

}  // namespace aiopyr
