#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

/// Describes how a connection's request arrived.
struct Arrival {
  TimePoint began{};       ///< its client was accepted, or sent the first byte on a kept connection
  std::size_t served = 0;  ///< how many requests were answered on its connection before
  Duration queued{};       ///< how long it has waited for a core so far
  /// The PROXY header at the beginning of the connection (proxy_header.h); null if it has none.
  std::shared_ptr<const std::string> proxy_header{};

  /// Returns the arrival of the connection's next request, which has not begun before `now`.
  [[nodiscard]] Arrival next(TimePoint now) const { return {now, served + 1, {}, proxy_header}; }
};

}  // namespace aiopyr::plugin
