#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr {

class Loop;
class TaskContext;

/// Called each time a fiber starts or stops running. The plugin uses it to restore uWSGI's current
/// request.
class FiberObserver {
 public:
  virtual ~FiberObserver() = default;
  virtual void on_enter() noexcept = 0;
  virtual void on_leave() noexcept = 0;
};

/// A stack of its own for code that looks synchronous: it parks instead of blocking, and the loop
/// continues. Aiopyramid has greenlets for this.
///
/// Loop thread only. Fibers belong to their loop's pool and are reused: keep no reference after the
/// body has ended. A body must not throw: that ends the process.
class Fiber final : public Runnable {
 public:
  using Body = std::function<void()>;

  ~Fiber();

  /// Starts `body` on a fiber of the loop and runs it until it first parks or ends, then returns.
  /// Root context only.
  static Fiber& start(Loop& loop, Body body, FiberObserver* observer = nullptr);

  /// Returns the fiber that runs the calling code; null in the root context and in other threads.
  static Fiber* current() noexcept;

  /// Parks this fiber until unpark(). Wake-ups may come early or twice: wait in a loop for the
  /// condition. Throws CancelledError once the fiber is cancelled, ScopeError outside of a fiber.
  static void park();

  /// Parks as park() does, for callers that an exception must not cross: returns false once
  /// cancelled. Requires: on a fiber.
  [[nodiscard]] static bool park_nothrow() noexcept;

  /// Parks as park() does, also in a cancelled fiber: for work that must have ended before the
  /// fiber leaves it, such as a thread that uses this fiber's stack. Wake-ups may come early.
  static void park_shielded() noexcept;

  /// Resumes this fiber in the loop's next turn.
  void unpark() noexcept;

  /// Ends the wait that the fiber is parked in, and each later one, with CancelledError. In the
  /// root context the fiber continues at once, normally to its end, before this returns; on a
  /// fiber, it continues in the next turn. Code that the fiber may itself be waiting for calls
  /// cancel_soon() instead: a fiber that unwinds destroys the task it waits for.
  void cancel();

  /// Cancels as cancel() does, always in the next turn.
  void cancel_soon() noexcept;
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

  /// Takes back a cancellation, as asyncio's Task.uncancel, so that waits work again. Called by the
  /// code that cancelled the fiber, once it has unwound far enough.
  void uncancel() noexcept { cancelled_ = false; }

  /// Leaves this fiber for the root context, calls `f(argument)` there and returns to the fiber.
  /// `f` must not throw. Requires: on a fiber.
  static void call_in_root(void (*f)(void*), void* argument) noexcept;

  /// Returns whether `address` lies on this fiber's stack.
  [[nodiscard]] bool owns_address(const void* address) const noexcept;

  /// Returns the most bytes that this fiber, or an earlier one on the same stack, has used of it.
  [[nodiscard]] std::size_t stack_used() const noexcept;

  /// Sets the request that this fiber serves, until its body ends; null for none. The tasks that it
  /// waits for get it. It outlives the body.
  void set_task_context(TaskContext* context) noexcept { task_context_ = context; }
  [[nodiscard]] TaskContext* task_context() const noexcept { return task_context_; }

  [[nodiscard]] Loop& loop() const noexcept { return *loop_; }
  /// Returns the observer that it was started with, or null.
  [[nodiscard]] FiberObserver* observer() const noexcept { return observer_; }

 private:
  friend class FiberPool;
  struct Machine;

  explicit Fiber(std::size_t stack_size);

  void run() override { resume(); }
  void resume();
  [[nodiscard]] bool comes_back_anyway() const noexcept;
  void switch_in() noexcept;
  void switch_out() noexcept;
  void main_loop() noexcept;

  Loop* loop_ = nullptr;
  Body body_;
  FiberObserver* observer_ = nullptr;
  TaskContext* task_context_ = nullptr;
  TimePoint stack_seen_{};  // when the pool last looked at stack_used()
  bool active_ = false;
  bool cancelled_ = false;
  bool woken_ = false;
  bool retiring_ = false;
  void (*root_call_)(void*) = nullptr;
  void* root_argument_ = nullptr;
  std::unique_ptr<Machine> machine_;
};

}  // namespace aiopyr
