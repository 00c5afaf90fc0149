#include <atomic>
#include <memory>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/executor/executor_call.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::detail {

namespace {

/// One call, shared by the fiber, the thread and the loop; outlives a fiber that left.
class ExecutorCall {
 public:
  explicit ExecutorCall(std::function<void()> job) : job_(std::move(job)) {}

  /// Runs the job, in the thread. Only one of run() and abandon() takes effect.
  void run() {
    State expected = State::kQueued;
    if (state_.compare_exchange_strong(expected, State::kRunning)) result_.capture(job_);
  }

  /// Called on the loop, when the thread has finished.
  void arrive() {
    Loop::current()->remote_arrived();
    done_ = true;
    if (fiber_ != nullptr) fiber_->unpark();
  }

  /// Waits for the job, on the fiber.
  void wait() {
    while (!done_) {
      if (Fiber::park_nothrow()) continue;
      if (abandon()) throw CancelledError();
      Fiber::park_shielded();
    }
    if (fiber_->is_cancelled()) throw CancelledError();
    result_.take();
  }

 private:
  enum class State { kQueued, kRunning, kAbandoned };

  bool abandon() noexcept {
    State expected = State::kQueued;
    if (!state_.compare_exchange_strong(expected, State::kAbandoned)) return false;
    fiber_ = nullptr;
    return true;
  }

  std::function<void()> job_;
  Result<void> result_;
  std::atomic<State> state_{State::kQueued};
  Fiber* fiber_ = Fiber::current();
  bool done_ = false;
};

}  // namespace

bool may_wait_for_thread() noexcept {
  return Fiber::current() != nullptr && Loop::current() != nullptr;
}

void run_job_in_executor(std::function<void()> job) {
  require_fiber("an executor's view");
  Loop& loop = Loop::require("an executor's view");
  auto call = std::make_shared<ExecutorCall>(std::move(job));
  loop.default_executor().submit([call, remote = loop.remote()]() mutable {
    call->run();
    // Moves the call back, so that the loop's thread is the last to hold it.
    remote->push([call = std::move(call)] { call->arrive(); });
  });
  loop.expect_remote();
  call->wait();
}

}  // namespace aiopyr::detail
