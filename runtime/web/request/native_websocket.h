#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aiopyr {

/// A server's own websocket engine for the current request, which UWSGIWebsocketMapper uses. The
/// plugin implements it over uWSGI's native API, with its unsafe parts guarded.
///
/// Used on the request's fiber only, which also does all I/O of the socket.
class NativeWebsocket {
 public:
  enum class Kind { kText, kBinary };
  enum class Received {
    kMessage,    ///< `message` and `kind` are set
    kPong,       ///< `message` is the pong's payload
    kNothing,    ///< no complete message has arrived; wait until fd() is readable
    kClosing,    ///< the peer's close frame is next: the receive() after this one answers it
    kViolation,  ///< the peer broke the protocol: the receive() after this one answers it
    kClosed,     ///< the peer closed, vanished or broke the protocol; nothing more will come
  };

  virtual ~NativeWebsocket() = default;

  /// Answers the upgrade request with the 101. `subprotocol` may be empty. May park the fiber.
  /// Returns false if the client is gone.
  virtual bool handshake(std::string_view subprotocol) = 0;

  /// Takes the next whole message, without waiting, and answers pings on the way. Call it until it
  /// returns kNothing before waiting: buffered input makes no event on the descriptor. The end of
  /// the connection is announced once before it, so that earlier messages can be answered.
  virtual Received receive(std::string& message, Kind& kind) = 0;

  /// Sends one message. May park the fiber. Returns false if the client is gone.
  virtual bool send(Kind kind, std::string_view message) = 0;

  /// Sends a ping with at most 125 bytes. May park the fiber. Returns false if the client is gone.
  virtual bool send_ping(std::string_view payload) = 0;

  /// Sends a closing frame with a code and a reason (at most 123 bytes), unless one has been sent.
  virtual void send_close(std::uint16_t code, std::string_view reason) = 0;

  /// Returns the descriptor to watch for input.
  [[nodiscard]] virtual int fd() const noexcept = 0;

  /// Returns the seconds after which receive() has to be called even without input: it sends
  /// uWSGI's keepalive pings and notices a peer that does not answer them.
  [[nodiscard]] virtual int ping_interval() const noexcept = 0;
};

}  // namespace aiopyr
