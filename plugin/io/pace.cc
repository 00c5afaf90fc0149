#include <algorithm>
#include <chrono>
#include <limits>

#include <aiopyr/plugin/io/pace.h>

namespace aiopyr::plugin {

namespace {

/// The seconds that stand for any time: longer than any worker lives.
constexpr double kAnyTime = 1e9;

}  // namespace

Duration allowance(double seconds, std::size_t bytes) noexcept {
  if (seconds == 0) return to_duration(kAnyTime);
  return to_duration(seconds + static_cast<double>(bytes) / kSlowestPace);
}

void Pace::begin(const LeastPace& least, TimePoint now, std::size_t bytes) noexcept {
  period_ = to_duration(least.seconds == 0 ? kAnyTime : least.seconds);
  least_ = static_cast<std::size_t>(least.seconds * kSlowestPace);
  overall_ = static_cast<double>(least.overall);
  since_ = begun_ = now;
  bytes_ = first_bytes_ = bytes;
}

TimePoint Pace::end(TimePoint now, std::size_t bytes) noexcept {
  const bool has_moved = bytes >= bytes_ + least_ && average(now, bytes) >= overall_;
  if (now >= since_ + period_ && has_moved) {
    since_ = now;
    bytes_ = bytes;
  }
  return since_ + period_;
}

double Pace::average(TimePoint now, std::size_t bytes) const noexcept {
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  if (seconds <= 0) return std::numeric_limits<double>::max();
  return static_cast<double>(bytes - std::min(bytes, first_bytes_)) / seconds;
}

}  // namespace aiopyr::plugin
