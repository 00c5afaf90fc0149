#pragma once

#include <aiopyr/plugin/connection/limits.h>

namespace aiopyr::plugin {

/// Returns what the options allow the connections of a worker. In the worker.
[[nodiscard]] ConnectionLimits connection_limits();

}  // namespace aiopyr::plugin
