#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <aiopyr/websocket/protocol/deflate/zlib_streams.h>

/// Undoes the compression of one peer's messages: RFC 7692 section 7.2.2, without I/O.
///
/// Used by one connection, in its context. Holds a window from a message's first byte to its end,
/// and between messages only where it keeps it; none before the first message that is compressed.
namespace aiopyr::websocket {

class Inflater {
 public:
  /// `window_bits` is the peer's, 8 to 15; `keeps_window`: context takeover (section 7.1.1), the
  /// peer may refer to earlier messages.
  Inflater(int window_bits, bool keeps_window) noexcept
      : window_bits_(window_bits), keeps_window_(keeps_window) {}

  struct Step {
    std::size_t size = 0;  ///< bytes of the output that were written, also where it is not valid
    bool is_valid = true;  ///< what came so far is deflate data
    bool done = false;     ///< the input is used up, and nothing more comes of it
  };

  /// Inflates from the front of `input`, which is shortened, into `output`, which is not empty. To
  /// be called until it is done or not valid. What comes out does not depend on how the input is
  /// cut, with one harmless exception: a peer that refers to what is beyond its window is refused
  /// unless the same step has made it. Throws std::bad_alloc only.
  [[nodiscard]] Step next(std::span<const std::byte>& input, std::span<std::byte> output);

  /// What a sender has left out at the end of a message.
  static constexpr std::array kTail{std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};

  /// Whether the tail has to be inflated behind what has come of a message. Not so where it has not
  /// been left out, or the octet that has to precede it was (sections 7.2.1 and 7.2.3.4): what such
  /// a sender means is clear, and read from here on the tail would be the half of a header.
  [[nodiscard]] bool needs_tail() const noexcept { return !between_blocks_; }

  /// The message is over. Returns false where it breaks off within a block.
  [[nodiscard]] bool end_message() noexcept;

  /// Forgets everything.
  void reset() noexcept;

  [[nodiscard]] bool holds_window() const noexcept { return stream_ != nullptr; }

 private:
  detail::InflateStream stream_;
  int window_bits_;
  bool keeps_window_;
  bool between_blocks_ = true;
};

}  // namespace aiopyr::websocket
