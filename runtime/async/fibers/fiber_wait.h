#pragma once

#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

/// The context in which code runs, which decides how it may wait.
enum class Context {
  kLoop,     ///< the root context: coroutines, callbacks; wait with co_await
  kFiber,    ///< framework code; wait with synchronized calls
  kForeign,  ///< an executor's or any other thread: may block
};

/// Returns the context of the caller.
Context current_context() noexcept;

/// Returns `loop`, `fiber` or `executor`.
std::string_view to_string(Context context) noexcept;

/// Throws the ScopeError of a call of `callee` in this context; the message says what to do
/// instead.
[[noreturn]] void throw_scope_error(std::string_view callee);

/// Throws ScopeError, which names `callee`, unless called on a fiber.
inline void require_fiber(std::string_view callee) {
  if (current_context() != Context::kFiber) throw_scope_error(callee);
}

namespace detail {

/// One task that a fiber waits for. The task is made, started, ended and destroyed in the root
/// context, as Task requires; a task that completes at once costs one switch there and back.
template <class T>
class FiberTaskWait {
 public:
  /// `make(argument)` returns the task.
  FiberTaskWait(Task<T> (*make)(void*), void* argument) noexcept
      : make_(make), argument_(argument) {}
  /// Cancels the task if the fiber leaves before the task's end.
  ~FiberTaskWait() {
    if (task_) Fiber::call_in_root([](void* self) { as_wait(self).task_ = Task<T>(); }, this);
  }
  FiberTaskWait(const FiberTaskWait&) = delete;
  FiberTaskWait& operator=(const FiberTaskWait&) = delete;

  T run() {
    Fiber::call_in_root(&FiberTaskWait::start, this);
    // A result that exists wins over a cancellation that came after it.
    while (!result_.is_set()) {
      if (!Fiber::park_nothrow() && !result_.is_set()) throw CancelledError();
    }
    return result_.take();
  }

 private:
  static FiberTaskWait& as_wait(void* self) noexcept { return *static_cast<FiberTaskWait*>(self); }

  static void start(void* self) noexcept {
    FiberTaskWait& wait = as_wait(self);
    try {
      wait.task_ = wait.make_(wait.argument_);
    } catch (...) {
      wait.result_.set_error(std::current_exception());
      return;
    }
    wait.task_.set_context(wait.fiber_->task_context());
    if (wait.task_.start(&FiberTaskWait::on_done, self)) wait.finish();
  }
  static void on_done(void* self) {
    as_wait(self).finish();
    as_wait(self).fiber_->unpark();
  }
  void finish() noexcept {
    result_.capture([this]() -> T { return task_.take_result(); });
    task_ = Task<T>();
  }

  Fiber* fiber_ = Fiber::current();
  Task<T> (*make_)(void*);
  void* argument_;
  Task<T> task_;
  Result<T> result_;
};

}  // namespace detail

/// Runs `task` in the root context while this fiber is parked; returns its result or throws its
/// exception, on the fiber. Throws ScopeError, naming `callee`, outside of a fiber. Throws
/// CancelledError if the fiber is cancelled, which cancels the task.
template <class T>
T wait_on_fiber(Task<T> task, std::string_view callee = "wait_on_fiber") {
  require_fiber(callee);
  const auto make = [](void* kept) { return std::move(*static_cast<Task<T>*>(kept)); };
  return detail::FiberTaskWait<T>(make, &task).run();
}

/// Does the same for the task that `make()` returns. `make` is called in the root context.
template <class F>
requires AnyTask<std::invoke_result_t<F&>>
auto wait_on_fiber_for(F make, std::string_view callee = "wait_on_fiber_for") {
  using T = typename std::invoke_result_t<F&>::value_type;
  require_fiber(callee);
  return detail::FiberTaskWait<T>([](void* kept) { return (*static_cast<F*>(kept))(); }, &make)
      .run();
}

/// The reason why a fiber's wait for a file descriptor ended.
enum class FdWaitResult { kReady, kTimeout, kCancelled };

/// Parks this fiber until `fd` is ready for one of `events`, `timeout` has passed, or the fiber is
/// cancelled. Throws nothing, so it may be called from C code. Requires: on a fiber.
FdWaitResult wait_for_fd_on_fiber(int fd, FdEvents events,
                                  std::optional<Duration> timeout) noexcept;

/// Waits in the same way until one of two descriptors is readable; sets `ready_fd` to the first
/// that is.
FdWaitResult wait_for_two_fds_on_fiber(int first, int second, std::optional<Duration> timeout,
                                       int& ready_fd) noexcept;

/// Parks this fiber for `delay`. Returns false if the fiber was cancelled before. Throws nothing.
/// Requires: on a fiber.
bool sleep_on_fiber(Duration delay) noexcept;

}  // namespace aiopyr
