#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr {

class Loop;

/// Called each time that a fiber begins to run and stops running. The plugin uses it to restore
/// uWSGI's notion of the current request.
class FiberObserver {
 public:
  virtual ~FiberObserver() = default;
  virtual void on_enter() noexcept = 0;
  virtual void on_leave() noexcept = 0;
};

/// A stack of its own for code that looks synchronous: it parks instead of blocking, and the loop
/// goes on. What Aiopyramid's greenlets are.
///
/// Loop thread only. Fibers belong to their loop's pool and are used again: keep no reference after
/// the body has ended. A body must not throw: that ends the process.
class Fiber final : public Runnable {
 public:
  using Body = std::function<void()>;

  ~Fiber();

  /// Starts `body` on a fiber of the loop; it runs until it first parks, or to its end, before this
  /// returns. Root context only.
  static Fiber& start(Loop& loop, Body body, FiberObserver* observer = nullptr);

  /// Returns the fiber that this code runs on; null in the root context and in other threads.
  static Fiber* current() noexcept;

  /// Parks this fiber until unpark(). Wake-ups may come early or twice: wait in a loop for the
  /// condition. Throws CancelledError once the fiber is cancelled, ScopeError outside of a fiber.
  static void park();

  /// As park(), for callers that an exception must not cross: returns false once cancelled.
  /// Requires: on a fiber.
  [[nodiscard]] static bool park_nothrow() noexcept;

  /// As park(), but a cancelled fiber parks too: for what must not be left before it has ended,
  /// such as a thread that works on this fiber's stack. Wake-ups may come early.
  static void park_shielded() noexcept;

  /// Has the loop resume this fiber in its next turn.
  void unpark() noexcept;

  /// Ends the wait that the fiber is parked in, and each later one, with CancelledError. In the
  /// root context the fiber goes on at once, and as a rule to its end, before this returns; on a
  /// fiber, in the next turn. Code that the fiber may itself be waiting for calls cancel_soon()
  /// instead: a fiber that unwinds destroys the task it waits for.
  void cancel();

  /// As cancel(), always in the next turn.
  void cancel_soon() noexcept;
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

  /// Takes a cancellation back, as asyncio's Task.uncancel: called by whoever cancelled the fiber,
  /// once it has unwound far enough. Waits work again.
  void uncancel() noexcept { cancelled_ = false; }

  /// Leaves this fiber for the root context, calls `f(argument)` there and comes straight back.
  /// `f` must not throw. Requires: on a fiber.
  static void call_in_root(void (*f)(void*), void* argument) noexcept;

  /// Whether `address` lies on this fiber's stack.
  [[nodiscard]] bool owns_address(const void* address) const noexcept;

  /// Returns the most bytes of its stack that this fiber, or one before it on the stack, has used.
  [[nodiscard]] std::size_t stack_used() const noexcept;

  [[nodiscard]] Loop& loop() const noexcept { return *loop_; }
  /// Returns the listener that it was started with; null where there was none.
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
