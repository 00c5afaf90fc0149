#pragma once

#include <functional>

namespace aiopyr {

/// The time of day for what cookies say: seconds since 1970, as Python's time.time(). A test sets
/// its own.
using UnixClock = std::function<double()>;

/// The system's clock.
[[nodiscard]] double unix_time();

}  // namespace aiopyr
