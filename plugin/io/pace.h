#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

/// The least that a client has to send or to read, in bytes per second: merely slow clients may
/// continue for as long as it takes; those that move one byte per second may not (as
/// mod_reqtimeout's MinRate).
constexpr std::size_t kSlowestPace = 500;

/// Returns the total time of a client that has sent so many bytes: `seconds`, and one more for each
/// kSlowestPace bytes. `seconds` of 0 for any time.
Duration allowance(double seconds, std::size_t bytes) noexcept;

/// The least pace that a client has to keep.
struct LeastPace {
  /// The length of a period, in each of which kSlowestPace bytes a second have to move; 0 for any
  /// pace at all.
  double seconds = 0;
  /// The bytes a second that it has to have moved since the beginning, at the end of each period.
  std::size_t overall = 0;
};

/// A client's pace over time. In each period it has to move enough, whatever it has moved before.
/// Besides, it has to keep to a rate over all of them, however it spreads its bytes.
class Pace {
 public:
  /// Begins at `now`, when it has moved so many `bytes`.
  void begin(const LeastPace& least, TimePoint now, std::size_t bytes) noexcept;

  /// Returns when the period ends, given that the client has moved `bytes` so far: not after `now`
  /// if it was too slow in the period that has ended.
  TimePoint end(TimePoint now, std::size_t bytes) noexcept;
  /// Returns how many bytes a second it has moved since the beginning.
  [[nodiscard]] double average(TimePoint now, std::size_t bytes) const noexcept;

 private:
  Duration period_{};
  std::size_t least_ = 0;
  TimePoint since_{};
  std::size_t bytes_ = 0;
  double overall_ = 0;
  TimePoint begun_{};
  std::size_t first_bytes_ = 0;
};

}  // namespace aiopyr::plugin
