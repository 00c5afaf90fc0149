#pragma once

#include <functional>

namespace aiopyr {

/// Returns the time that cookies contain: seconds since 1970, as Python's time.time(). A test sets
/// its own clock.
using UnixClock = std::function<double()>;

/// Returns the system's time.
[[nodiscard]] double unix_time();

}  // namespace aiopyr
