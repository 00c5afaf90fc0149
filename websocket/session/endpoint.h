#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/messages/slow_client.h>
#include <aiopyr/websocket/session/errors.h>

namespace aiopyr::websocket {

inline constexpr std::size_t kDefaultMaxMessageSize = std::size_t{1024} * 1024;

/// The settings that all connections of one view share. Immutable once a connection has it.
struct Endpoint {
  std::string name{};  ///< name of the view, for the log
  std::size_t max_message_size = kDefaultMaxMessageSize;
  /// The messages kept while the view does not receive; then reading pauses.
  std::size_t inbox_capacity = 16;
  /// The bytes that may wait to be sent before send() suspends; it continues once at most
  /// low_water() wait.
  std::size_t high_water = std::size_t{64} * 1024;
  [[nodiscard]] std::size_t low_water() const noexcept { return high_water / 4; }
  /// The policy for messages that others send to it.
  SlowClientPolicy slow_client{};
  /// The time that the peer has to end the connection once our close frame was sent.
  Duration close_timeout = std::chrono::seconds(10);
  /// The time without input after which the peer is pinged, and the time that it then has to send
  /// anything at all before the connection is closed with 1011. A zero interval: no pings.
  Duration ping_interval = std::chrono::seconds(20);
  Duration ping_timeout = std::chrono::seconds(20);
  /// The time without a message in either direction after which the connection is closed with 1001.
  /// Zero: never.
  Duration idle_timeout = Duration::zero();

  bool operator==(const Endpoint&) const = default;
};

/// Makes the endpoint of the view `name` from the options that both mappers have in common. Throws
/// ConfigurationError for values that cannot work.
template <class Options>
[[nodiscard]] Endpoint make_endpoint(std::string name, const Options& options) {
  if (options.max_queue == 0U) {
    throw ConfigurationError(name + ": max_queue = 0 would never receive: give at least 1");
  }
  Endpoint endpoint;
  endpoint.name = std::move(name);
  endpoint.inbox_capacity = options.max_queue.value_or(endpoint.inbox_capacity);
  endpoint.high_water = options.write_limit.value_or(endpoint.high_water);
  endpoint.slow_client = options.slow_client;
  require_close_code(endpoint.slow_client.close_code);
  if (options.close_timeout) endpoint.close_timeout = to_duration(*options.close_timeout);
  return endpoint;
}

}  // namespace aiopyr::websocket
