#pragma once

#include <functional>

#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::testing {

/// Takes turns of the loop until `done()`, which is called before each, is true, or until `timeout`
/// of the loop's time has passed; returns whether it became true. In the root context, outside of
/// the loop's turns.
bool turn_until(Loop& loop, Duration timeout, const std::function<bool()>& done);

}  // namespace aiopyr::testing
