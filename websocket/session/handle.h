#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <aiopyr/runtime/async/loop/remote_queue.h>
#include <aiopyr/websocket/messages/message.h>

namespace aiopyr {

class Websocket;

/// A reference to a connection that may be kept for any time, copied, and used from any thread, an
/// executor's or one of your own. It keeps no connection open, and does nothing once the connection
/// or its loop is gone. Made by Websocket::handle().
class WebsocketHandle {
 public:
  /// Refers to no connection.
  WebsocketHandle() = default;
  explicit WebsocketHandle(Websocket& websocket);

  /// Sends the message in the loop's next turn, without knowing whether the connection still
  /// exists. WebsocketOptions::slow_client decides about a client that is too slow, where kWait
  /// cannot wait and closes. Throws Error for a text that is not UTF-8.
  void send_threadsafe(const Message& message) const;

  /// Closes the connection in the loop's next turn: see Websocket::close().
  void close_threadsafe(std::uint16_t code = 1000, std::string reason = {}) const;

  /// Returns the connection, null once it is gone. On its loop's thread only, as the pointer may be
  /// the last one: throws ScopeError elsewhere.
  [[nodiscard]] std::shared_ptr<Websocket> lock() const;

  /// Returns whether both refer to one connection.
  friend bool operator==(const WebsocketHandle& left, const WebsocketHandle& right) noexcept {
    return !left.websocket_.owner_before(right.websocket_) &&
           !right.websocket_.owner_before(left.websocket_);
  }

 private:
  std::weak_ptr<Websocket> websocket_;
  std::shared_ptr<RemoteQueue> loop_;
};

}  // namespace aiopyr
