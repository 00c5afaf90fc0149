#include <aiopyr/plugin/io/pace.h>

namespace aiopyr::plugin {

namespace {

/// Longer than any worker lives.
constexpr double kAnyTime = 1e9;

}  // namespace

Duration allowance(double seconds, std::size_t bytes) noexcept {
  if (seconds == 0) return to_duration(kAnyTime);
  return to_duration(seconds + static_cast<double>(bytes) / kSlowestPace);
}

void Pace::begin(double seconds, TimePoint now, std::size_t bytes) noexcept {
  period_ = to_duration(seconds == 0 ? kAnyTime : seconds);
  least_ = static_cast<std::size_t>(seconds * kSlowestPace);
  since_ = now;
  bytes_ = bytes;
}

TimePoint Pace::end(TimePoint now, std::size_t bytes) noexcept {
  if (now >= since_ + period_ && bytes >= bytes_ + least_) {
    since_ = now;
    bytes_ = bytes;
  }
  return since_ + period_;
}

}  // namespace aiopyr::plugin
