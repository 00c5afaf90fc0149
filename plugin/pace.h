#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/timer.h>

namespace aiopyr::plugin {

/// What a client gets to send or to read so much in all: some seconds, and one more for each
/// kSlowestPace bytes that it has managed (as mod_reqtimeout's MinRate). A client that is merely
/// slow goes on for as long as it takes; one that sends a byte a second does not.
constexpr std::size_t kSlowestPace = 500;

/// Counted from its begin; `seconds` of 0 for any time.
Duration allowance(double seconds, std::size_t bytes) noexcept;

}  // namespace aiopyr::plugin
