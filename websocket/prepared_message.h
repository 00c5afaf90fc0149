#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/protocol/opcode.h>

namespace aiopyr::websocket {

/// A message as a server sends it, encoded once for all who get it. Immutable, for any thread.
class PreparedMessage {
 public:
  /// Throws Error for a text that is not UTF-8.
  explicit PreparedMessage(const Message& message)
      : PreparedMessage(message.opcode(), message.view()) {}
  PreparedMessage(Opcode type, std::string_view payload);

  [[nodiscard]] Opcode type() const noexcept { return type_; }
  /// Header and payload.
  [[nodiscard]] std::string_view frame() const noexcept { return frame_; }
  [[nodiscard]] std::string_view payload() const noexcept {
    return std::string_view(frame_).substr(header_size_);
  }

 private:
  Opcode type_;
  std::size_t header_size_;
  std::string frame_;
};

using SharedMessage = std::shared_ptr<const PreparedMessage>;

/// Throws Error, which says what to do, for a text that is not UTF-8.
void require_sendable(Opcode type, std::string_view payload);

}  // namespace aiopyr::websocket
