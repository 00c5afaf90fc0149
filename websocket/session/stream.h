#pragma once

#include <cstdint>
#include <string_view>

#include <aiopyr/websocket/messages/prepared_message.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// The stream below a websocket: the one interface that it calls. Root context.
namespace aiopyr::websocket {

/// Tells whether more output follows at once, which may leave in the same write.
enum class Follows : bool { kNothing, kMore };

/// Adds to the output of an open connection, however full it is. Bytes that are not written at once
/// leave later.
class Stream {
 public:
  /// Adds a whole message, text or binary.
  virtual void put_message(Opcode type, std::string_view payload) = 0;
  /// Adds a message that is already encoded.
  virtual void put_prepared(const PreparedMessage& message, Follows follows) = 0;
  /// Adds a piece of a message: the first with the message's type, each later one with
  /// Opcode::kContinuation, the last one with `fin` (RFC 6455 section 5.4).
  virtual void put_piece(Opcode opcode, std::string_view piece, bool fin) = 0;
  virtual void put_ping(std::string_view payload) = 0;
  virtual void put_close(std::uint16_t code, std::string_view reason) = 0;

  /// Returns whether the output is over its limit. Never once the stream is lost.
  [[nodiscard]] virtual bool is_full() const noexcept = 0;
  /// Called when a coroutine has begun to wait for a message, or has taken one that was kept.
  virtual void on_recv() = 0;

 protected:
  ~Stream() = default;
};

}  // namespace aiopyr::websocket
