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

/// A client's pace over time: in each period it has to move kSlowestPace bytes for each of its
/// seconds. What it has moved before buys it nothing.
class Pace {
 public:
  /// Periods of `seconds`, 0 for any time, from `now` on, when it has moved so many `bytes`.
  void begin(double seconds, TimePoint now, std::size_t bytes) noexcept;

  /// When the period ends, now that it has moved so many `bytes`: not after `now` where it was too
  /// slow in the one that has ended.
  TimePoint end(TimePoint now, std::size_t bytes) noexcept;

 private:
  Duration period_{};
  std::size_t least_ = 0;
  TimePoint since_{};
  std::size_t bytes_ = 0;
};

}  // namespace aiopyr::plugin
