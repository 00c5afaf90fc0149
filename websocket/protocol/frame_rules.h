#pragma once

#include <cstddef>
#include <cstdint>

#include <aiopyr/websocket/protocol/error.h>
#include <aiopyr/websocket/protocol/frame_header.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// The rules of RFC 6455 section 5 about frames, each in one place. decode_header() applies those
/// that need only the header's bytes; Receiver, and the plugin's guard of uWSGI's engine, apply
/// those of the connection. Pure functions, for any thread.
namespace aiopyr::websocket {

/// The most bytes of a control frame's payload (section 5.5).
inline constexpr std::size_t kMaxControlPayload = 125;

/// Checks the first byte: a defined opcode (section 5.2), no fragmented control frame (section
/// 5.5).
[[nodiscard]] constexpr ProtocolError check_first_byte(const FrameHeader& header) noexcept {
  if (!is_defined(header.opcode)) return ProtocolError::kReservedOpcode;
  if (is_control(header.opcode) && !header.fin) return ProtocolError::kFragmentedControl;
  return ProtocolError::kNone;
}

/// Checks the length in the seven bits of the second byte (section 5.5).
[[nodiscard]] constexpr ProtocolError check_short_length(const FrameHeader& header) noexcept {
  const bool too_long = is_control(header.opcode) && header.length > kMaxControlPayload;
  return too_long ? ProtocolError::kControlTooLong : ProtocolError::kNone;
}

/// Checks a length in `size` more bytes, 2 or 8: the highest bit is zero, and no shorter form would
/// hold it (section 5.2).
[[nodiscard]] constexpr ProtocolError check_extended_length(const FrameHeader& header,
                                                            std::size_t size) noexcept {
  if ((header.length >> 63U) != 0) return ProtocolError::kLengthHighBit;
  const std::uint64_t least = size == 2 ? kMaxShortLength + 1U : 0x10000U;
  return header.length < least ? ProtocolError::kNonMinimalLength : ProtocolError::kNone;
}

/// The state of a connection that decides which frames may come.
struct FrameContext {
  Role role = Role::kServer;     ///< our own: a server requires masked frames, a client unmasked
  std::uint8_t claimed_rsv = 0;  ///< RSV bits that a message's first frame may have
  bool in_message = false;       ///< a message has begun, and its last frame has not come
  std::uint64_t room = 0;        ///< bytes that a data frame may have
};

/// Checks a complete header that has passed the checks above: RSV bits (section 5.2), the mask
/// (section 5.1), the order of data frames (section 5.4), the limit of a message's size.
[[nodiscard]] constexpr ProtocolError check_in_context(const FrameHeader& header,
                                                       const FrameContext& context) noexcept {
  const bool starts_message = header.opcode == Opcode::kText || header.opcode == Opcode::kBinary;
  const auto allowed_rsv = starts_message ? unsigned{context.claimed_rsv} : 0U;
  if ((header.rsv & ~allowed_rsv) != 0) return ProtocolError::kReservedBits;
  const bool must_be_masked = context.role == Role::kServer;
  if (header.masked != must_be_masked) {
    return must_be_masked ? ProtocolError::kUnmaskedFrame : ProtocolError::kMaskedFrame;
  }
  if (is_control(header.opcode)) return ProtocolError::kNone;
  if (!starts_message && !context.in_message) return ProtocolError::kLoneContinuation;
  if (starts_message && context.in_message) return ProtocolError::kInterruptedMessage;
  return header.length > context.room ? ProtocolError::kMessageOverSizeLimit : ProtocolError::kNone;
}

}  // namespace aiopyr::websocket
