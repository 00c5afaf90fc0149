#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <aiopyr/websocket/protocol/frame_header.h>
#include <aiopyr/websocket/protocol/mask.h>
#include <aiopyr/websocket/protocol/opcode.h>

namespace aiopyr::websocket {

/// The header of a message in one frame from a client, without RSV bits, as nearly all are.
struct SimpleHeader {
  Opcode opcode{};
  std::size_t size = 0;  // 0 for any other header, or one that is wrong or incomplete
  std::size_t length = 0;
  MaskKey mask{};
};

/// Decodes a SimpleHeader from the front of `input` (RFC 6455 section 5.2). Inline: it is read for
/// each message.
inline SimpleHeader decode_simple(std::span<const std::byte> input) noexcept {
  constexpr unsigned kFin = 0x80;
  constexpr unsigned kMasked = 0x80;
  constexpr std::size_t kShort = 2 + sizeof(MaskKey);
  constexpr std::size_t kLong = kShort + 2;
  if (input.size() < kLong) return {};
  const auto byte = [input](std::size_t i) { return std::to_integer<unsigned>(input[i]); };
  const unsigned opcode = byte(0) - kFin;
  const unsigned length = byte(1) - kMasked;
  SimpleHeader header{.opcode = static_cast<Opcode>(opcode), .size = kShort, .length = length};
  if (header.opcode != Opcode::kText && header.opcode != Opcode::kBinary) return {};
  if (length > kMaxShortLength) {
    header.size = kLong;
    header.length = byte(2) << 8U | byte(3);
    if (length != kMaxShortLength + 1U || header.length <= kMaxShortLength) return {};
  }
  std::copy_n(input.begin() + header.size - sizeof(MaskKey), sizeof(MaskKey), header.mask.begin());
  return header;
}

}  // namespace aiopyr::websocket
