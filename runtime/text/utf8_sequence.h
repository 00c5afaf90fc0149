#pragma once

#include <cstdint>

/// The table of UTF-8's sequences, on which every check here is based.
namespace aiopyr::detail {

/// The bytes that may follow a first byte (RFC 3629 section 4; Unicode standard, table 3-7). The
/// bounds of the second byte exclude overlong forms (after E0 and F0), surrogates (after ED) and
/// code points above U+10FFFF (after F4). Later bytes are 80 to BF.
struct Utf8Sequence {
  std::uint8_t length = 0;  ///< in bytes, the first one included; 0 for a byte that starts none
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
};

[[nodiscard]] constexpr Utf8Sequence utf8_sequence_of(std::uint8_t first) noexcept {
  if (first < 0x80) return {1};
  if (first < 0xC2) return {0};
  if (first < 0xE0) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

}  // namespace aiopyr::detail
