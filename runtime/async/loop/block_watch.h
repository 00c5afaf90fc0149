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

/// Reports a loop that is blocked: a callback, a coroutine or a fiber has run for longer than it
/// may, while everything else waits. What asyncio's debug mode reports afterwards
/// (slow_callback_duration) is reported here while it happens, with a backtrace.
///
/// A thread looks at the loop a few times within the limit, and sleeps while the loop does.
/// A loop that blocks is asked where it is by a signal, SIGURG, which interrupts a system call that
/// blocks it; a process has one watch at a time. Make it on the loop's thread, and destroy it there
/// before the loop.
class BlockWatch {
 public:
  /// Both are called in the watch's thread, which has the standard descriptors as they
  /// are when the watch is made, and no others.
  struct Handlers {
    /// Called after the limit, and again each time that the turn has become ten times as long.
    std::function<void(Duration blocked, const Backtrace& where)> on_blocked;
    /// Called soon after a loop that was reported goes on.
    std::function<void()> on_released{};
  };

  /// Throws InvalidStateError where this process has a watch.
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
