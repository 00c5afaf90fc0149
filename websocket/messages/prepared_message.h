#pragma once

#include <cstddef>
#include <forward_list>
#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/runtime/topics/publication.h>
#include <aiopyr/websocket/messages/compression.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/protocol/opcode.h>

namespace aiopyr::websocket {

/// A server's message, encoded, and compressed, once for all recipients; also a publication's form
/// for websockets. Immutable, for any thread, except for frame_for().
class PreparedMessage final : public topics::Form {
 public:
  explicit PreparedMessage(const topics::Publication& publication);
  /// Encodes a message. Throws Error for a text that is not UTF-8.
  explicit PreparedMessage(const Message& message);
  PreparedMessage(Opcode type, std::string_view payload);

  [[nodiscard]] Opcode type() const noexcept { return type_; }
  /// Returns header and payload.
  [[nodiscard]] std::string_view frame() const noexcept { return frame_; }
  /// Returns header and payload for a connection with that compression, null for none: one frame
  /// for all with the same settings. It has to be sent before the connection's next message is
  /// encoded. On the loop's thread.
  [[nodiscard]] std::string_view frame_for(Compression* compression) const;
  /// Returns the content for a Publication.
  [[nodiscard]] std::string_view content() const noexcept { return payload(); }
  [[nodiscard]] std::string_view payload() const noexcept {
    return std::string_view(frame_).substr(header_size_);
  }

 private:
  struct Compressed {
    Compression::Settings settings;
    std::string frame;  // empty if the message does not become shorter
  };

  void encode(std::string_view payload);
  [[nodiscard]] const std::string& compressed_with(const Compression::Settings& settings) const;

  Opcode type_;
  std::size_t header_size_ = 0;
  std::string frame_;
  mutable std::forward_list<Compressed> compressed_;  // made on demand; there are few
};

using SharedMessage = std::shared_ptr<const PreparedMessage>;

/// Makes a publication of the message, with its frame. Throws Error for a text that is not UTF-8.
[[nodiscard]] topics::SharedPublication make_publication(const Message& message);

/// Throws Error, which says what to do, for a text that is not UTF-8.
void require_sendable(Opcode type, std::string_view payload);

}  // namespace aiopyr::websocket
