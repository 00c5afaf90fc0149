#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <stop_token>
#include <thread>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr {

/// Tells when a loop is blocked: when a callback, a coroutine or a fiber has not come back for
/// longer than it may, while everybody else waits. What asyncio's debug mode says afterwards
/// (slow_callback_duration) is said here while it happens, and with the place.
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
    /// After the limit, and again each time that it has become ten times as long.
    std::function<void(Duration blocked, const Backtrace& where)> on_blocked;
    /// Soon after a loop that was told on goes on.
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
  std::mutex mutex_;  // nobody else's: it is there for the wait
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace aiopyr
