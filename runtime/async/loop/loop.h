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
/// A loop belongs to the thread that made it, and each thread has at most one. What it calls runs
/// in the *root context*: on the thread's own stack, on no fiber. Only call_soon_threadsafe() may
/// be used from other threads. EvLoop is the real one, TestLoop the deterministic one.
///
/// The end of a loop cancels the tasks and the fibers that are left, waits for its default
/// executor, and stops every timer and watch; what outlives it (a handle, a watch, a pool) is then
/// idle.
class Loop {
 public:
  /// Called with an exception that nobody caught, and where it came from.
  using ExceptionHandler = std::function<void(std::exception_ptr, std::string_view where)>;

  virtual ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Returns this thread's loop; null where it has none.
  static Loop* current() noexcept;

  /// Returns this thread's loop. Throws ScopeError, which names `caller`, where it has none.
  static Loop& require(std::string_view caller);

  /// The time at which this turn of the loop began.
  [[nodiscard]] TimePoint now() const noexcept { return now_; }

  /// Returns when the current turn began; nullopt while the loop waits for input. Any thread.
  [[nodiscard]] std::optional<TimePoint> busy_since() const noexcept;
  /// Returns what another thread waits for the loop's next turn with.
  [[nodiscard]] BusyMark& busy_mark() noexcept { return *busy_; }

  /// Runs `runnable` in the next turn, and takes it out of any other queue that it is in.
  void call_soon(Runnable& runnable) noexcept { ready_.push_back(runnable); }

  /// Runs `runnable` once all watches of this turn have been notified, before timers that are due
  /// and before what is ready; called from elsewhere than a watch, at that place of the next turn.
  void call_after_input(Runnable& runnable) noexcept { after_input_.push_back(runnable); }

  /// Runs `f` in the next turn, as asyncio's call_soon.
  void call_soon(std::function<void()> f);

  /// As call_soon, from any thread, and wakes the loop. Ignored once the loop is gone if called
  /// through remote(), which may be kept longer than the loop.
  void call_soon_threadsafe(std::function<void()> f) { remote_->push(std::move(f)); }
  [[nodiscard]] const std::shared_ptr<RemoteQueue>& remote() const noexcept { return remote_; }

  /// Takes turns until stop() is called.
  void run();
  /// Lets run() return after the turn that it is in.
  void stop() noexcept { stopped_ = true; }
  /// One turn: input (waited for where nothing is ready and `may_block`), then what is due, then
  /// what was ready when that began or became so meanwhile. Throws InvalidStateError where a turn
  /// is being taken already, or on a fiber.
  void run_once(bool may_block);

  /// Sets what is called with an exception that ends a spawned task or a callback. By default it is
  /// written to stderr, on one line.
  void set_exception_handler(ExceptionHandler handler) { exception_handler_ = std::move(handler); }
  void handle_exception(std::exception_ptr error, std::string_view where) noexcept;
  /// Calls the handler of this thread's loop; writes one line to stderr where it has none.
  static void report_exception(const std::exception_ptr& error, std::string_view where) noexcept;

  /// Returns the pool that run_in_executor uses where it is given none. Made on first use, so after
  /// fork.
  Executor& default_executor();
  /// Replaces that pool, as asyncio's loop.set_default_executor; waits for the jobs of the one
  /// before where nobody else holds it.
  void set_default_executor(std::shared_ptr<Executor> executor);

  /// Returns the event that is set once the worker is to end: stopping.h.
  [[nodiscard]] Event& stopping();

  /// Returns the fiber that runs now; null in the root context.
  [[nodiscard]] Fiber* current_fiber() const noexcept { return current_fiber_; }
  /// Returns this loop's fibers. Made on first use.
  [[nodiscard]] FiberPool& fibers();
  [[nodiscard]] TimerHeap& timers() noexcept { return timers_; }

  /// Returns what the loop and its fibers have counted.
  [[nodiscard]] const LoopCounters& counters() const noexcept { return *counters_; }
  /// Counts in `counters` from now on, which has to outlive the loop. Does not reset its gauges.
  void set_counters(LoopCounters& counters) noexcept;

  /// Counts what other threads will still push to this loop, so that a TestLoop waits for them
  /// instead of moving its clock.
  void expect_remote() noexcept { ++expected_remote_; }
  void remote_arrived() noexcept { --expected_remote_; }

 protected:
  Loop();

  /// Waits for a watched descriptor and notifies the watches of those that are ready, after
  /// update_now() at the end of the wait. It ends at `until` at the latest: at once where that is
  /// not after now(), never by itself where there is none. It may end early, for nothing.
  virtual void poll(std::optional<TimePoint> until) = 0;
  [[nodiscard]] virtual TimePoint read_clock() noexcept = 0;
  virtual void add_watch(FdWatch& watch) = 0;
  virtual void remove_watch(FdWatch& watch) noexcept = 0;

  /// To be called by a backend when its constructor is through, and first in its destructor.
  void open();
  void close() noexcept;

  [[nodiscard]] int expected_remote() const noexcept { return expected_remote_; }
  /// To be called by a backend when its clock moved within poll().
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
  std::unique_ptr<BusyMark> busy_;  // apart: its parts for threads are slow to compile
  bool stopped_ = false;
  bool in_turn_ = false;
  int expected_remote_ = 0;
  Fiber* current_fiber_ = nullptr;
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
