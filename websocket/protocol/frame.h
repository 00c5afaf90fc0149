#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <aiopyr/websocket/protocol/error.h>
#include <aiopyr/websocket/protocol/frame_header.h>
#include <aiopyr/websocket/protocol/frame_rules.h>
#include <aiopyr/websocket/protocol/mask.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// The header of a frame and its form on the wire: RFC 6455 section 5.2.
/// Pure functions over values, for any thread.
namespace aiopyr::websocket {

/// The size of the longest header: two bytes, an eight-byte length, a mask.
inline constexpr std::size_t kMaxHeaderSize = 14;

/// The bytes of a header, sent before the payload.
struct EncodedHeader {
  std::array<std::byte, kMaxHeaderSize> bytes{};
  std::size_t size = 0;

  [[nodiscard]] std::span<const std::byte> span() const noexcept {
    return std::span{bytes}.first(size);
  }
  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), size};
  }
};

/// Returns the first byte on the wire.
[[nodiscard]] constexpr std::uint8_t first_byte_of(const FrameHeader& header) noexcept {
  constexpr unsigned kFinBit = 0x80;
  return static_cast<std::uint8_t>((header.fin ? kFinBit : 0U) | header.rsv |
                                   static_cast<unsigned>(header.opcode));
}

/// Encodes `header` in its shortest form. Requires length < 2^63.
[[nodiscard]] EncodedHeader encode_header(const FrameHeader& header) noexcept;

struct DecodedHeader {
  FrameHeader header;                          ///< valid once complete
  ProtocolError error = ProtocolError::kNone;  ///< if set, the rest has no meaning
  bool complete = false;
  /// The header's size as far as it is known: 2 before the second byte is read.
  std::size_t size = 2;
};

/// Reads the header at the start of `bytes`, which may end anywhere. Reports errors of the header
/// itself (opcode, FIN and length of control frames, form of the length) at the earliest byte. The
/// receiver checks what depends on the connection (mask, RSV bits, order of frames).
[[nodiscard]] DecodedHeader decode_header(std::span<const std::byte> bytes) noexcept;

}  // namespace aiopyr::websocket
