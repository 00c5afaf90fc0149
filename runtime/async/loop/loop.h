#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/async/loop/loop_parts.h>
#include <aiopyr/runtime/async/loop/remote_queue.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr {

class BusyMark;
class Event;
class Executor;
class Fiber;
class FiberPool;
namespace detail {
class SpawnedTask;
}

/// An event loop: a queue of what is ready, a heap of deadlines, and watched file descriptors.
///
/// A loop belongs to the thread that made it, and each thread has at most one. Its callbacks run in
/// the *root context*: on the thread's own stack, not on a fiber's. Only call_soon_threadsafe() may
/// be used from other threads. EvLoop is the real loop, TestLoop the deterministic one.
///
/// The destructor cancels the tasks and the fibers that are left, waits for the default executor,
/// and stops every timer and watch. Objects that outlive the loop (handles, watches, pools) are
/// then idle.
class Loop {
 public:
  /// Handles an exception that nothing caught; `where` says where it came from.
  using ExceptionHandler = std::function<void(std::exception_ptr, std::string_view where)>;

  virtual ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Returns this thread's loop; null where it has none.
  static Loop* current() noexcept;

  /// Returns this thread's loop. Throws ScopeError, which names `caller`, where it has none.
  static Loop& require(std::string_view caller);

  /// Returns the time at which this turn of the loop began.
  [[nodiscard]] TimePoint now() const noexcept { return now_; }

  /// Returns when the current turn began; nullopt while the loop waits for input. Any thread.
  [[nodiscard]] std::optional<TimePoint> busy_since() const noexcept;
  /// Returns the mark with which another thread waits for the loop's next turn.
  [[nodiscard]] BusyMark& busy_mark() noexcept { return *busy_; }

  /// Runs `runnable` in the next turn, after removing it from any other queue.
  void call_soon(Runnable& runnable) noexcept { ready_.push_back(runnable); }

  /// Runs `runnable` once all watches of this turn have been notified, before due timers and ready
  /// callbacks. Called from outside a watch, it runs at that point of the next turn.
  void call_after_input(Runnable& runnable) noexcept { after_input_.push_back(runnable); }

  /// Runs `f` in the next turn, as asyncio's call_soon.
  void call_soon(std::function<void()> f);

  /// Runs `f` in the next turn, from any thread, and wakes the loop. Does nothing once the loop is
  /// gone if called through remote(), which may be kept longer than the loop.
  void call_soon_threadsafe(std::function<void()> f) { remote_->push(std::move(f)); }
  [[nodiscard]] const std::shared_ptr<RemoteQueue>& remote() const noexcept { return remote_; }

  /// Takes turns until stop() is called.
  void run();
  /// Makes run() return after the current turn.
  void stop() noexcept { stopped_ = true; }
  /// Takes one turn: first input (waiting for it if nothing is ready and `may_block`), then due
  /// timers, then everything that was ready at that point or became ready meanwhile. Throws
  /// InvalidStateError within another turn or on a fiber.
  void run_once(bool may_block);

  /// Sets the handler of exceptions that end a spawned task or a callback. The default writes them
  /// to stderr, on one line.
  void set_exception_handler(ExceptionHandler handler) { exception_handler_ = std::move(handler); }
  void handle_exception(std::exception_ptr error, std::string_view where) noexcept;
  /// Calls the handler of this thread's loop; writes one line to stderr where it has none.
  static void report_exception(const std::exception_ptr& error, std::string_view where) noexcept;

  /// Returns the pool that run_in_executor uses by default. Made on first use, so after fork.
  Executor& default_executor();
  /// Replaces the default pool, as asyncio's loop.set_default_executor. Waits for the jobs of the
  /// old pool if nothing else holds it.
  void set_default_executor(std::shared_ptr<Executor> executor);

  /// Returns the event that is set once the worker is to end: stopping.h.
  [[nodiscard]] Event& stopping();

  /// Returns the fiber that runs now; null in the root context.
  [[nodiscard]] Fiber* current_fiber() const noexcept { return current_fiber_; }
  /// Returns the fiber that has left for the root context and waits for what runs there now
  /// (Fiber::call_in_root), such as the beginning of a view's coroutine; null where there is none.
  [[nodiscard]] Fiber* fiber_in_root() const noexcept { return fiber_in_root_; }
  /// Returns this loop's fibers. Made on first use.
  [[nodiscard]] FiberPool& fibers();
  [[nodiscard]] TimerHeap& timers() noexcept { return timers_; }

  /// Returns what the loop and its fibers have counted.
  [[nodiscard]] const LoopCounters& counters() const noexcept { return *counters_; }
  /// Counts in `counters` from now on, which have to outlive the loop. Does not reset the gauges.
  void set_counters(LoopCounters& counters) noexcept;

  /// Counts the results that other threads will still push to this loop, so that a TestLoop waits
  /// for them instead of moving its clock.
  void expect_remote() noexcept { ++expected_remote_; }
  void remote_arrived() noexcept { --expected_remote_; }

 protected:
  Loop();

  /// Waits for the watched descriptors and notifies the watches of the ready ones, after calling
  /// update_now() at the end of the wait. Returns by `until` at the latest: at once if that is not
  /// after now(), and never by itself if it is nullopt. May return early without an event.
  virtual void poll(std::optional<TimePoint> until) = 0;
  [[nodiscard]] virtual TimePoint read_clock() noexcept = 0;
  virtual void add_watch(FdWatch& watch) = 0;
  virtual void remove_watch(FdWatch& watch) noexcept = 0;

  /// Called by a backend at the end of its constructor, and first in its destructor.
  void open();
  void close() noexcept;

  [[nodiscard]] int expected_remote() const noexcept { return expected_remote_; }
  /// Called by a backend when its clock moved within poll().
  void update_now() noexcept;

 private:
  friend class FdWatch;
  friend class Timer;
  friend class Fiber;
  friend class detail::SpawnedTask;
  class RemoteWatch;

  void run_ready() noexcept { run_all(ready_); }
  void run_all(IntrusiveList<Runnable>& waiting) noexcept;
  void note_turn(Duration length) noexcept;
  void cancel_everything() noexcept;
  void await_shielded_fibers() noexcept;

  LoopCounters own_counters_;
  LoopCounters* counters_ = &own_counters_;
  TimePoint now_{};
  std::unique_ptr<BusyMark> busy_;  // separate: its threading headers are slow to compile
  bool stopped_ = false;
  bool in_turn_ = false;
  int expected_remote_ = 0;
  Fiber* current_fiber_ = nullptr;
  Fiber* fiber_in_root_ = nullptr;
  IntrusiveList<Runnable> after_input_;
  IntrusiveList<Runnable> ready_;
  TimerHeap timers_;
  std::shared_ptr<RemoteQueue> remote_;
  std::unique_ptr<RemoteWatch> remote_watch_;
  std::unique_ptr<detail::LoopFibers> fibers_;  // null before the first
  std::shared_ptr<Executor> default_executor_;
  std::shared_ptr<Event> stopping_;
  IntrusiveList<detail::LoopTask> spawned_;
  IntrusiveList<FdWatch> watches_;
  ExceptionHandler exception_handler_;
};

}  // namespace aiopyr
