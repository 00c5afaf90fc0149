#include <aiopyr/plugin/pace.h>

namespace aiopyr::plugin {

Duration allowance(double seconds, std::size_t bytes) noexcept {
  if (seconds == 0) return to_duration(1e18);
  return to_duration(seconds + static_cast<double>(bytes) / kSlowestPace);
}

}  // namespace aiopyr::plugin
