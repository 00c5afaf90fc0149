#pragma once

#include <chrono>
#include <ratio>
#include <type_traits>

namespace aiopyr {

/// The clock of every wait: monotonic, so that a change of the wall clock moves no deadline.
using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;
using TimePoint = Clock::time_point;

/// A length of time: seconds as a number, as Python's asyncio counts them (`sleep(0.5)`), or any
/// duration of std::chrono (`sleep(500ms)`). Converts implicitly from both. A value, for any
/// thread.
///
/// Stored in the units of the clock, rounded up, so that no wait ends early. Negative numbers and
/// NaN become zero; longer times than longest(), infinity included, become longest(). Each function
/// that takes it documents what zero means.
class Seconds {
 public:
  template <class Number>
  requires std::is_arithmetic_v<Number>
  constexpr Seconds(Number seconds) noexcept
      : duration_(from_ticks(static_cast<double>(seconds) * kTicksPerSecond)) {}

  template <class Rep, class Period>
  constexpr Seconds(std::chrono::duration<Rep, Period> duration) noexcept
      : duration_(from_chrono(duration)) {}

  /// Returns the longest time there is, some 73 years: the clock's maximum / 4, which can be added
  /// to any time of a running clock.
  static constexpr Duration longest() noexcept { return Duration::max() / 4; }

  [[nodiscard]] constexpr Duration duration() const noexcept { return duration_; }
  constexpr operator Duration() const noexcept { return duration_; }
  /// Returns it as a number of seconds.
  [[nodiscard]] constexpr double count() const noexcept {
    return std::chrono::duration<double>(duration_).count();
  }

  friend constexpr bool operator==(Seconds, Seconds) noexcept = default;

 private:
  static constexpr double kTicksPerSecond =
      static_cast<double>(Duration::period::den) / static_cast<double>(Duration::period::num);

  static constexpr Duration from_ticks(double ticks) noexcept {
    if (!(ticks > 0)) return Duration::zero();  // NaN too
    if (ticks >= static_cast<double>(longest().count())) return longest();
    const auto whole = static_cast<Duration::rep>(ticks);
    return Duration(whole + (static_cast<double>(whole) < ticks ? 1 : 0));
  }

  template <class Rep, class Period>
  static constexpr Duration from_chrono(std::chrono::duration<Rep, Period> duration) noexcept {
    using Given = std::chrono::duration<Rep, Period>;
    const double ticks = std::chrono::duration<double, Duration::period>(duration).count();
    // Near the limits, and for fractions, in floating point; exactly otherwise.
    if (std::is_floating_point_v<Rep> || !(duration > Given::zero()) ||
        ticks >= static_cast<double>(longest().count())) {
      return from_ticks(ticks);
    }
    return std::chrono::ceil<Duration>(duration);
  }

  Duration duration_;
};

/// Converts anything that Seconds can be made from to the units of the clock.
constexpr Duration to_duration(Seconds seconds) noexcept { return seconds.duration(); }

}  // namespace aiopyr
