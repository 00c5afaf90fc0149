#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/websocket/protocol/message_memory.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// One whole message of a websocket: returned by recv() and taken by send(). A plain value that
/// owns its bytes, for any thread; moving it is cheap.
namespace aiopyr {

namespace websocket {
class Connection;
}

enum class MessageKind : std::uint8_t { kText, kBinary };

class Message {
 public:
  /// Makes an empty text.
  Message() noexcept = default;
  Message(const Message&) = default;
  Message(Message&&) noexcept = default;
  Message& operator=(const Message&) = default;
  Message& operator=(Message&&) noexcept = default;
  ~Message() {
    if (data_.capacity() >= websocket::detail::kShortestKept)
      websocket::detail::keep_message_memory(data_);
  }

  /// Makes a text from anything that a string is made from. It has to be UTF-8 when it is sent.
  template <class Text>
  requires std::constructible_from<std::string, Text> &&
      (!std::same_as<std::remove_cvref_t<Text>, Message>)Message(Text&& text)
      : data_(std::forward<Text>(text)) {}

  [[nodiscard]] static Message text(std::string text) { return Message(std::move(text)); }

  /// Returns a message of bytes, as Python's `bytes`.
  [[nodiscard]] static Message binary(std::string data) {
    Message message(std::move(data));
    message.is_text_ = false;
    message.opcode_ = websocket::Opcode::kBinary;
    return message;
  }

  /// Returns the message as bytes. Sending it still sends the kind of frame in which it came, so
  /// that an echo changes nothing (`use_bytes`, and `use_str` switched off).
  [[nodiscard]] Message as_bytes() && noexcept {
    is_text_ = false;
    return std::move(*this);
  }

  [[nodiscard]] bool is_text() const noexcept { return is_text_; }
  [[nodiscard]] bool is_binary() const noexcept { return !is_text_; }

  /// Returns the content of either kind, as a string of bytes.
  [[nodiscard]] const std::string& str() const& noexcept { return data_; }
  [[nodiscard]] std::string str() && noexcept {
    is_checked_ = false;
    return std::move(data_);
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return std::as_bytes(std::span{data_});
  }
  [[nodiscard]] std::string_view view() const noexcept { return data_; }
  operator std::string_view() const& noexcept { return data_; }
  /// Refuses `std::string_view text = *co_await ws.recv();`, where the message is destroyed before
  /// the text is used. Keep the message, or take its content with str(); within one expression, use
  /// view().
  operator std::string_view() const&& = delete;

  /// Returns the size in bytes, for text too.
  [[nodiscard]] std::size_t size() const noexcept { return data_.size(); }
  [[nodiscard]] bool empty() const noexcept { return data_.empty(); }

  /// Returns the opcode with which it is sent.
  [[nodiscard]] websocket::Opcode opcode() const noexcept { return opcode_; }

  /// Returns whether it is known to be valid for its opcode: a text in UTF-8. Messages from a peer
  /// are.
  [[nodiscard]] bool is_checked() const noexcept { return is_checked_; }

  /// Compares kind and content.
  friend bool operator==(const Message& left, const Message& right) noexcept {
    return left.is_text_ == right.is_text_ && left.data_ == right.data_;
  }

 private:
  friend class websocket::Connection;

  /// Makes a message from a peer, which its receiver has checked.
  Message(websocket::Opcode opcode, std::string data, bool as_text) noexcept
      : data_(std::move(data)), opcode_(opcode), is_text_(as_text), is_checked_(true) {}

  std::string data_;
  websocket::Opcode opcode_ = websocket::Opcode::kText;
  bool is_text_ = true;
  bool is_checked_ = false;
};

}  // namespace aiopyr
