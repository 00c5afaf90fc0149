#pragma once

#include <functional>

#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::testing {

/// Takes turns of the loop until `done()` is true, which is asked before each, or until `timeout`
/// of the loop's time is over; returns whether it became true. In the root context, outside of the
/// loop's turns.
bool turn_until(Loop& loop, Duration timeout, const std::function<bool()>& done);

}  // namespace aiopyr::testing
