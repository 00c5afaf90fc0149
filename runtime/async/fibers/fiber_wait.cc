#include <string>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace {

/// Wakes a fiber at the first of several events, and remembers which one it was.
class FiberFdWait {
 public:
  FdWaitResult wait(std::optional<Duration> timeout) noexcept {
    if (timeout) timer_.start_after(fiber_->loop(), *timeout);
    while (ready_fd_ < 0 && !timer_.fired) {
      if (!Fiber::park_nothrow()) return FdWaitResult::kCancelled;
    }
    return ready_fd_ >= 0 ? FdWaitResult::kReady : FdWaitResult::kTimeout;
  }

  [[nodiscard]] int ready_fd() const noexcept { return ready_fd_; }
  [[nodiscard]] Loop& loop() const noexcept { return fiber_->loop(); }

  class Watch final : public FdWatch {
   public:
    explicit Watch(FiberFdWait& wait) : wait_(wait) {}

   private:
    void on_ready(FdEvents) override {
      stop();
      if (wait_.ready_fd_ < 0) wait_.ready_fd_ = fd();
      wait_.fiber_->unpark();
    }
    FiberFdWait& wait_;
  };

 private:
  class Deadline final : public Timer {
   public:
    explicit Deadline(FiberFdWait& wait) : wait_(wait) {}
    bool fired = false;

   private:
    void on_timer() override {
      fired = true;
      wait_.fiber_->unpark();
    }
    FiberFdWait& wait_;
  };

  Fiber* fiber_ = Fiber::current();
  int ready_fd_ = -1;
  Deadline timer_{*this};
};

}  // namespace

Context current_context() noexcept {
  const Loop* loop = Loop::current();
  if (loop == nullptr) return Context::kForeign;
  return loop->current_fiber() != nullptr ? Context::kFiber : Context::kLoop;
}

std::string_view to_string(Context context) noexcept {
  switch (context) {
    case Context::kLoop:
      return "loop";
    case Context::kFiber:
      return "fiber";
    case Context::kForeign:
      break;
  }
  return "executor";
}

void throw_scope_error(std::string_view callee) {
  const std::string call = "Synchronized call of " + std::string(callee);
  if (current_context() == Context::kForeign) {
    throw ScopeError(call +
                     " in a thread that is not the event loop's. Call it from framework code, "
                     "before or after the work that runs in the executor.");
  }
  throw ScopeError(call +
                   " in the event loop, where nothing may wait. In a coroutine, co_await the "
                   "coroutine itself; or call it from framework code, which runs on a fiber "
                   "(spawn_fiber starts one).");
}

FdWaitResult wait_for_fd_on_fiber(int fd, FdEvents events,
                                  std::optional<Duration> timeout) noexcept {
  FiberFdWait wait;
  FiberFdWait::Watch watch(wait);
  watch.start(wait.loop(), fd, events);
  return wait.wait(timeout);
}

FdWaitResult wait_for_two_fds_on_fiber(int first, int second, std::optional<Duration> timeout,
                                       int& ready_fd) noexcept {
  FiberFdWait wait;
  FiberFdWait::Watch first_watch(wait);
  FiberFdWait::Watch second_watch(wait);
  first_watch.start(wait.loop(), first, FdEvents::kRead);
  second_watch.start(wait.loop(), second, FdEvents::kRead);
  const FdWaitResult result = wait.wait(timeout);
  ready_fd = wait.ready_fd();
  return result;
}

bool sleep_on_fiber(Duration delay) noexcept {
  return FiberFdWait().wait(delay) == FdWaitResult::kTimeout;
}

}  // namespace aiopyr
