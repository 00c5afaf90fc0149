#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr {

/// Tells other threads since when a loop has been in its turn, and lets them wait for a turn. Costs
/// the loop two stores and a load per turn, and one system call for each wait that it ends.
class BusyMark {
 public:
  /// Notes that a turn began at `now`, or that it has ended. A begin() within a turn changes
  /// nothing. Loop thread only.
  void begin(TimePoint now) noexcept {
    if (since_.load(std::memory_order_relaxed) != 0) return;
    since_.store(now.time_since_epoch().count(), std::memory_order_release);
    if (is_awaited_.load(std::memory_order_relaxed)) wake();
  }
  void end() noexcept { since_.store(0, std::memory_order_release); }

  /// Returns when the current turn began; nullopt while the loop waits for input. Any thread.
  [[nodiscard]] std::optional<TimePoint> since() const noexcept {
    const auto since = since_.load(std::memory_order_acquire);
    if (since == 0) return std::nullopt;
    return TimePoint(Duration(since));
  }

  /// Blocks the calling thread, which is not the loop's, until the loop is in a turn or has been in
  /// one meanwhile. Returns false if `stop` was requested or a second has passed before. The limit
  /// is there because begin() uses no fence, so it may miss a thread that starts to wait at that
  /// moment.
  bool await_begin(const std::stop_token& stop);

 private:
  void wake() noexcept;

  std::atomic<Duration::rep> since_{0};
  std::atomic<bool> is_awaited_{false};
  std::mutex mutex_;
  std::condition_variable_any begun_;
};

}  // namespace aiopyr
