#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

#include <aiopyr/runtime/async/timer.h>

namespace aiopyr {

/// Since when a loop is at work, for other threads to see and to wait for. The loop pays two stores
/// and a load a turn, and a system call for each wait of a thread that it ends.
class BusyMark {
 public:
  /// For the loop's thread: a turn that began at `now`, and its end. To begin again within a turn
  /// changes nothing.
  void begin(TimePoint now) noexcept {
    if (since_.load(std::memory_order_relaxed) != 0) return;
    since_.store(now.time_since_epoch().count(), std::memory_order_release);
    if (is_awaited_.load(std::memory_order_relaxed)) wake();
  }
  void end() noexcept { since_.store(0, std::memory_order_release); }

  /// When the turn that is being taken began; nothing while the loop waits for input. Any thread.
  [[nodiscard]] std::optional<TimePoint> since() const noexcept {
    const auto since = since_.load(std::memory_order_acquire);
    if (since == 0) return std::nullopt;
    return TimePoint(Duration(since));
  }

  /// Blocks this thread, another than the loop's, until the loop is at work or has been meanwhile.
  /// Returns false where `stop` was requested or a second has passed before: begin() does without a
  /// fence, and so may miss one who begins to wait at that very moment.
  bool await_begin(const std::stop_token& stop);

 private:
  void wake() noexcept;

  std::atomic<Duration::rep> since_{0};
  std::atomic<bool> is_awaited_{false};
  std::mutex mutex_;
  std::condition_variable_any begun_;
};

}  // namespace aiopyr
