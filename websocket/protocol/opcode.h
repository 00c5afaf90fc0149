#pragma once

#include <cstdint>

/// The opcode of a frame: RFC 6455 section 5.2. Plain values, for any thread.
namespace aiopyr::websocket {

enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

/// Returns whether it is a control frame: its opcode has the highest bit set (section 5.5).
[[nodiscard]] constexpr bool is_control(Opcode opcode) noexcept {
  return (static_cast<std::uint8_t>(opcode) & 0x8U) != 0;
}

/// Returns false for the values that section 5.2 reserves (3-7 and 11-15).
[[nodiscard]] constexpr bool is_defined(Opcode opcode) noexcept {
  const auto value = static_cast<std::uint8_t>(opcode);
  return value <= 0x2 || (value >= 0x8 && value <= 0xA);
}

/// One end of the connection. Clients mask what they send, servers do not (section 5.1).
enum class Role : std::uint8_t { kServer, kClient };

}  // namespace aiopyr::websocket
