#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <aiopyr/runtime/base/lazy_string.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/websocket/protocol/deflate/inflater.h>
#include <aiopyr/websocket/protocol/error.h>
#include <aiopyr/websocket/protocol/frame.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// The receiving side of an open connection, without I/O: turns bytes into messages.
///
/// Used by one connection, in its context. It keeps no reference to the caller's buffer: it copies
/// only what a later call still needs. A connection that waits between two frames holds no memory
/// beyond the object itself.
namespace aiopyr::websocket {

/// The event that Receiver::next() found.
struct Incoming {
  enum class Kind : std::uint8_t {
    kNone,    ///< the input is used up
    kText,    ///< a whole message in UTF-8
    kBinary,  ///< a whole message
    kPing,
    kPong,
    kClose,  ///< the last event of a connection
    kError,  ///< the last event of a connection that has to be failed
  };

  Kind kind = Kind::kNone;
  std::uint8_t rsv = 0;          ///< RSV bits of the message's first frame
  std::uint16_t close_code = 0;  ///< of kClose: kNoStatusReceived if the frame had none
  ProtocolError error = ProtocolError::kNone;
  /// The message, the payload of the ping or pong, or the reason of the close. Points into the
  /// caller's buffer or into the receiver; valid until the next call of next() or take().
  std::span<std::byte> payload;

  explicit operator bool() const noexcept { return kind != Kind::kNone; }
  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(payload.data()), payload.size()};
  }
};

struct ReceiverOptions {
  Role role = Role::kServer;  ///< our own: a server requires masked frames, a client unmasked ones
  /// RSV bits that an extension has claimed for the first frame of a message. Text with one of them
  /// set is not checked for UTF-8: the code that undoes the extension does that.
  std::uint8_t claimed_rsv = 0;
  /// The most bytes of one message, over all its frames: after inflating, but before another
  /// extension is undone.
  std::uint64_t max_message_size = 1024 * 1024;
  /// Undoes permessage-deflate, which claims RSV1; null if that was not negotiated. Not owned.
  Inflater* inflater = nullptr;
};

/// Reads frames and assembles messages. Checks every rule of RFC 6455 sections 5, 7.4 and 8.1 at
/// the earliest byte: the size limit at the frame's header, before anything is kept; bad UTF-8 also
/// in an incomplete frame. Compressed data is inflated as it arrives, so the same holds for it, and
/// at most one byte over the limit is ever produced.
///
///     for (auto input = std::span{buffer}.first(size); auto incoming = receiver.next(input);) ...
class Receiver {
 public:
  explicit Receiver(ReceiverOptions options = {}) noexcept : options_{options} {}

  // Incoming::payload may point into the object.
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// Returns the next event of `input`, which is unmasked in place and shortened to its unused
  /// rest. Returns kNone once all is used. Call it again with the rest until then; a caller that
  /// stops before has to keep the rest and pass it again, before new bytes. A message that came in
  /// one frame within one input is not copied; but one of 4 to 64 KiB becomes a string here, which
  /// take() gives away. Events do not depend on how the stream is cut. After kClose and kError all
  /// input is dropped (RFC 6455 section 1.4).
  [[nodiscard]] Incoming next(std::span<std::byte>& input);

  /// Returns the payload of the last event as a string of its own: moved if it was assembled here,
  /// copied if it is in the caller's buffer.
  [[nodiscard]] std::string take(const Incoming& incoming);

  /// Returns whether kClose or kError was returned.
  [[nodiscard]] bool ended() const noexcept { return state_ == State::kEnded; }

  /// Returns whether the stream is within a frame or a fragmented message.
  [[nodiscard]] bool in_message() const noexcept {
    return in_message_ || state_ == State::kPayload || partial_size_ != 0;
  }

  /// Returns the bytes on the heap.
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  enum class State : std::uint8_t { kHeader, kPayload, kEnded };

  Incoming read_simple(std::span<std::byte>& input);
  bool unmask_apart(std::span<std::byte>& payload, MaskKey mask);
  ProtocolError read_header(std::span<std::byte>& input);
  [[nodiscard]] DecodedHeader complete_header(std::span<std::byte>& input);
  [[nodiscard]] ProtocolError check_frame(const FrameHeader& header) const noexcept;
  void begin_frame(const FrameHeader& header) noexcept;
  Incoming read_payload(std::span<std::byte>& input);
  Incoming read_data(std::span<std::byte> piece, bool is_ascii, bool frame_done);
  [[nodiscard]] bool feed_text(std::span<const std::byte> piece, bool is_ascii) noexcept;
  Incoming read_compressed(std::span<std::byte> piece, bool frame_done);
  Incoming read_control(std::span<std::byte> piece, bool frame_done);
  Incoming end_message(std::span<std::byte> piece);
  ProtocolError inflate(std::span<const std::byte> piece);
  ProtocolError keep_inflated(std::span<const std::byte> piece);
  Incoming end_control(std::span<std::byte> payload);
  Incoming end_close(std::span<std::byte> payload);
  void keep(std::span<const std::byte> piece);
  [[nodiscard]] std::uint64_t longest_frame(const FrameHeader& header) const noexcept;
  std::span<std::byte> deliver(LazyString& kept);
  Incoming fail(ProtocolError error);
  void end();

  [[nodiscard]] bool checks_text() const noexcept {
    return message_type_ == Opcode::kText && (message_rsv_ == 0 || inflates());
  }
  [[nodiscard]] bool inflates() const noexcept {
    return options_.inflater != nullptr && (message_rsv_ & kRsv1) != 0;
  }

  ReceiverOptions options_;
  State state_ = State::kHeader;
  bool in_message_ = false;  // a data frame has begun, and the message's last one has not ended
  Opcode message_type_ = Opcode::kText;
  std::uint8_t message_rsv_ = 0;
  Utf8Validator utf8_;
  std::uint8_t partial_size_ = 0;  // bytes of a header that was cut
  std::array<std::byte, kMaxHeaderSize> partial_;
  FrameHeader frame_;           // the frame whose payload is being read
  std::uint64_t received_ = 0;  // bytes of that payload so far
  LazyString message_;          // the message so far, if it did not come in one piece
  LazyString control_;          // a control frame's payload, in the same way
  LazyString delivered_;        // the payload of the last event
};

}  // namespace aiopyr::websocket
