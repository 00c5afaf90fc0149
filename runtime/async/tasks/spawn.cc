#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::detail {

void SpawnedTask::Turn::run() {
  if (task_.cancel_requested_) {
    task_.cancel_now();
  } else {
    task_.begin();
  }
}

void SpawnedTask::enlist(Loop& loop, std::shared_ptr<SpawnedTask> self) {
  loop_ = &loop;
  kept_by_loop_ = std::move(self);
  loop.spawned_.push_back(*this);
  loop.call_soon(turn_);
}

void SpawnedTask::cancel() noexcept {
  if (done_) return;
  cancel_requested_ = true;
  loop_->call_soon(turn_);
}

void SpawnedTask::cancel_now() noexcept {
  if (done_) return;
  // Ends first: the destructors of the frame may look at this task, and may cancel it again.
  done_ = true;
  unlink();
  drop_task();
  finish(true);
}

void SpawnedTask::finish(bool cancelled) noexcept {
  done_ = true;
  cancelled_ = cancelled;
  unlink();
  turn_.unlink();
  while (!waiters_.empty()) loop_->call_soon(waiters_.pop_front());
  kept_by_loop_.reset();
}

void throw_empty_handle() {
  throw InvalidStateError(
      "a TaskHandle without a task was asked for it: assign what spawn() returns first, and do not "
      "use a handle that was moved from");
}

void report_unobserved(const std::exception_ptr& error) noexcept {
  Loop::report_exception(error, "a spawned task");
}

bool is_cancellation(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const CancelledError&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace aiopyr::detail
