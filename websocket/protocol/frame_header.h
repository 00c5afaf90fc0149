#pragma once

#include <cstdint>

#include <aiopyr/websocket/protocol/mask.h>
#include <aiopyr/websocket/protocol/opcode.h>

/// The contents of a frame's header: RFC 6455 section 5.2. Plain values, for any thread.
namespace aiopyr::websocket {

/// The reserved bits, at their positions in the first byte. An extension may claim them.
inline constexpr std::uint8_t kRsv1 = 0x40;
inline constexpr std::uint8_t kRsv2 = 0x20;
inline constexpr std::uint8_t kRsv3 = 0x10;

/// The largest length that the seven bits hold; 126 and 127 announce two and eight more bytes.
inline constexpr std::uint8_t kMaxShortLength = 125;

struct FrameHeader {
  Opcode opcode = Opcode::kContinuation;
  bool fin = true;
  std::uint8_t rsv = 0;  ///< any of kRsv1, kRsv2, kRsv3
  bool masked = false;
  MaskKey mask{};            ///< zero if not masked
  std::uint64_t length = 0;  ///< of the payload, in bytes; below 2^63
};

}  // namespace aiopyr::websocket
