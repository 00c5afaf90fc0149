#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <stop_token>
#include <thread>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr {

/// Reports a loop that is blocked: a callback, a coroutine or a fiber has run for longer than the
/// limit, while everything else waits. asyncio's debug mode reports this afterwards
/// (slow_callback_duration); this class reports it while it happens, with a backtrace.
///
/// A thread looks at the loop a few times within the limit, and sleeps while the loop sleeps. It
/// asks a blocked loop for its backtrace by a signal, SIGURG, which interrupts a blocking system
/// call. A process has one watch at a time. Make it on the loop's thread, and destroy it there
/// before the loop.
class BlockWatch {
 public:
  /// The callbacks of a watch. All but the last are called in the watch's thread, which has only
  /// the standard descriptors, as they are when the watch is made.
  struct Handlers {
    /// Called after the limit, and again each time the turn has become ten times as long.
    std::function<void(Duration blocked, const Backtrace& where)> on_blocked;
    /// Called soon after a reported loop continues.
    std::function<void()> on_released{};
    /// Called on the loop's thread, in a signal handler, before on_blocked, unless it is null:
    /// records what only that thread knows about its work.
    void (*note)() noexcept = nullptr;
  };

  /// Throws InvalidStateError if this process already has a watch.
  BlockWatch(Loop& loop, Duration limit, Handlers handlers);
  ~BlockWatch();
  BlockWatch(const BlockWatch&) = delete;
  BlockWatch& operator=(const BlockWatch&) = delete;

 private:
  void run(const std::stop_token& stop);
  void look();
  void report(TimePoint turn);

  Loop& loop_;
  Duration limit_;
  Handlers handlers_;
  pthread_t loop_thread_;
  std::optional<TimePoint> reported_turn_;
  Duration next_report_;
  std::mutex mutex_;  // used by the watch's thread only: condition_ needs one
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace aiopyr
