#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aiopyr {

/// A server's own websocket engine, for the request at hand: what UWSGIWebsocketMapper drives.
/// Implemented by the plugin over uWSGI's native API, made safe.
///
/// Used on the request's fiber only, which also does all reading and writing of the socket.
class NativeWebsocket {
 public:
  enum class Kind { kText, kBinary };
  enum class Received {
    kMessage,    ///< `message` and `kind` are set
    kPong,       ///< `message` is what it carried
    kNothing,    ///< no complete message has arrived; wait until fd() is readable
    kClosing,    ///< the peer's close frame is next: the receive() after this one answers it
    kViolation,  ///< the same for what breaks the protocol
    kClosed,     ///< the peer closed, vanished or broke the protocol; nothing more will come
  };

  virtual ~NativeWebsocket() = default;

  /// Answers the upgrade request with the 101. `subprotocol` may be empty. May park the fiber.
  /// Returns false where the client is gone.
  virtual bool handshake(std::string_view subprotocol) = 0;

  /// Takes the next whole message, without waiting. Pings are answered on the way. Call it until it
  /// gives kNothing before waiting: what is buffered makes no event on the descriptor. What ends
  /// the connection is announced once, so that messages before it can be answered.
  virtual Received receive(std::string& message, Kind& kind) = 0;

  /// Sends one message. May park the fiber. Returns false where the client is gone.
  virtual bool send(Kind kind, std::string_view message) = 0;

  /// Sends a ping with at most 125 bytes. May park the fiber. Returns false where the client is
  /// gone.
  virtual bool send_ping(std::string_view payload) = 0;

  /// Sends a closing frame with a code and a reason (at most 123 bytes), unless one has been sent.
  virtual void send_close(std::uint16_t code, std::string_view reason) = 0;

  /// To be watched for input.
  [[nodiscard]] virtual int fd() const noexcept = 0;

  /// Seconds after which receive() is to be called even without input: it sends uWSGI's keepalive
  /// pings and notices a peer that does not answer them.
  [[nodiscard]] virtual int ping_interval() const noexcept = 0;
};

}  // namespace aiopyr
