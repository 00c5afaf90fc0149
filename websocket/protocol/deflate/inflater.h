#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <aiopyr/websocket/protocol/deflate/zlib_streams.h>

/// Decompresses one peer's messages: RFC 7692 section 7.2.2, without I/O.
///
/// Used by one connection, in its context. Holds a window from a message's first byte to its end,
/// and between messages only with context takeover; none before the first compressed message.
namespace aiopyr::websocket {

class Inflater {
 public:
  /// `window_bits` is the peer's, 8 to 15. `keeps_window` means context takeover (section 7.1.1):
  /// the peer may refer to earlier messages.
  Inflater(int window_bits, bool keeps_window) noexcept
      : window_bits_(window_bits), keeps_window_(keeps_window) {}

  struct Step {
    std::size_t size = 0;  ///< bytes written to the output, also if the data are invalid
    bool is_valid = true;  ///< the input so far is valid deflate data
    bool done = false;     ///< the input is used up, and gives no more output
  };

  /// Inflates from the front of `input`, which is shortened, into `output`, which is not empty.
  /// Call it until it is done or not valid. The output does not depend on how the input is cut,
  /// with one harmless exception: a peer that refers beyond its window is refused, unless the same
  /// step has produced that data. Throws only std::bad_alloc.
  [[nodiscard]] Step next(std::span<const std::byte>& input, std::span<std::byte> output);

  /// The bytes that a sender omits at the end of a message.
  static constexpr std::array kTail{std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};

  /// Returns whether the tail has to be inflated after a message's data. False if the sender has
  /// not omitted it, or has omitted also the octet that has to precede it (sections 7.2.1 and
  /// 7.2.3.4): the message is complete then, and the tail would be read as half of a header.
  [[nodiscard]] bool needs_tail() const noexcept { return !between_blocks_; }

  /// Ends the message. Returns false if it breaks off within a block.
  [[nodiscard]] bool end_message() noexcept;

  /// Drops the window and all state.
  void reset() noexcept;

  [[nodiscard]] bool holds_window() const noexcept { return stream_ != nullptr; }

 private:
  detail::InflateStream stream_;
  int window_bits_;
  bool keeps_window_;
  bool between_blocks_ = true;
};

}  // namespace aiopyr::websocket
