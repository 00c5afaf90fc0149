#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr {

class Loop;

/// One deadline of a loop. Derived classes implement on_timer().
///
/// Loop thread only. Starting again moves the deadline; the destructor stops the timer.
class Timer {
 public:
  Timer() = default;
  virtual ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Calls on_timer() once, from the loop, at or soon after `when`.
  void start(Loop& loop, TimePoint when);

  /// Calls on_timer() at the earliest `delay` from now. Reads the clock, since the turn's now() is
  /// older by what the turn has computed, and a wait would be shorter by that. A delay that the
  /// clock cannot count is limited to a very long one.
  void start_after(Loop& loop, Duration delay);

  void stop() noexcept;
  [[nodiscard]] bool is_active() const noexcept { return loop_ != nullptr; }

 private:
  friend class TimerHeap;
  virtual void on_timer() = 0;

  Loop* loop_ = nullptr;
  std::size_t index_ = 0;
};

/// The deadlines of one loop, earliest first; equal ones in the order in which they were started.
class TimerHeap {
 public:
  void add(Timer& timer, TimePoint when);
  void remove(Timer& timer) noexcept;

  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  /// Returns the earliest deadline. Requires: not empty.
  [[nodiscard]] TimePoint earliest() const noexcept { return heap_.front().when; }

  /// Calls the timers that are due at `now`. A timer that a callback starts again waits for the
  /// next call, even if it is due at once, so that input gets its turn. Exceptions go to the
  /// exception handler of the timer's loop.
  void fire(TimePoint now);

  /// Stops every timer.
  void clear() noexcept;

 private:
  struct Entry {
    TimePoint when;
    std::uint64_t sequence;
    Timer* timer;
    bool operator<(const Entry& other) const noexcept {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };

  void place(std::size_t index, Entry entry) noexcept;
  void sift_up(std::size_t index) noexcept;
  void sift_down(std::size_t index) noexcept;

  std::vector<Entry> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace aiopyr
