#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

/// What a client has to send or to read at the least, in bytes a second: merely slow clients go on
/// for as long as it takes, those that move a byte a second do not (as mod_reqtimeout's MinRate).
constexpr std::size_t kSlowestPace = 500;

/// What a client gets in all that is to send so many bytes: `seconds`, and one more for each
/// kSlowestPace bytes that are there. `seconds` of 0 for any time.
Duration allowance(double seconds, std::size_t bytes) noexcept;

/// What a client has to move at the least.
struct LeastPace {
  /// The length of a period, in each of which kSlowestPace bytes a second have to move; 0 for any
  /// pace at all.
  double seconds = 0;
  /// Bytes a second over all of the time that it has had, at the end of each period.
  std::size_t overall = 0;
};

/// A client's pace over time. In each period it has to move enough, whatever it has moved before.
/// Besides, it has to keep to a rate over all of them, however it spreads its bytes.
class Pace {
 public:
  /// Begins at `now`, when it has moved so many `bytes`.
  void begin(const LeastPace& least, TimePoint now, std::size_t bytes) noexcept;

  /// When the period ends, now that it has moved so many `bytes`: not after `now` where it was too
  /// slow in the one that has ended.
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
