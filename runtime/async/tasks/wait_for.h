#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/inherited_context.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace detail {

/// Reports to a join when the time is over.
class JoinDeadline final : public Timer {
 public:
  explicit JoinDeadline(JoinAwaiter& join) : join_(join) {}

 private:
  void on_timer() override { join_.report(this, true); }
  JoinAwaiter& join_;
};

}  // namespace detail

/// Gives `task` at most `timeout`; then cancels it and throws TimeoutError, as asyncio.wait_for
/// does. A task that never waits succeeds, even with a timeout of zero. In coroutines, which
/// continue in the root context. Cancelling the wait cancels the task.
template <class T>
Task<T> wait_for(Task<T> task, Seconds timeout) {
  TaskContext* const context = co_await detail::TaskContextAwaiter();
  detail::JoinAwaiter join(1);
  detail::Child<T> child(std::move(task));
  detail::JoinDeadline deadline(join);
  child.start(join, true, context);
  if (!child.is_done()) {
    deadline.start_after(Loop::require("wait_for"), timeout);
    co_await join;
  }
  if (!child.is_done()) {
    throw TimeoutError("a task took longer than the " + std::to_string(timeout.count()) +
                       " s that wait_for gave it");
  }
  if constexpr (std::is_void_v<T>) {
    static_cast<void>(child.take());
  } else {
    co_return child.take();
  }
}

}  // namespace aiopyr
