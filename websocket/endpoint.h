#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <aiopyr/runtime/async/timer.h>

namespace aiopyr::websocket {

inline constexpr std::size_t kDefaultMaxMessageSize = std::size_t{1024} * 1024;

/// What all connections of one view share. Immutable once a connection has it.
struct Endpoint {
  std::string name{};  ///< of the view, for the log
  std::size_t max_message_size = kDefaultMaxMessageSize;
  /// Messages kept while the view does not receive; then reading pauses.
  std::size_t inbox_capacity = 16;
  /// Bytes that may wait to be sent before send() suspends, and to how few it must come to go on.
  std::size_t high_water = std::size_t{64} * 1024;
  std::size_t low_water = std::size_t{16} * 1024;
  /// What the peer has to end the connection once a close frame was sent.
  Duration close_timeout = std::chrono::seconds(10);
};

}  // namespace aiopyr::websocket
