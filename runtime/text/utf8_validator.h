#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Validation of UTF-8 (RFC 3629) that arrives in pieces, and the fastest check of a whole text.
/// Use find_utf8_error() of utf8.h to tell what is wrong, and where.
namespace aiopyr {

/// Checks a text fed in pieces that may end anywhere, also within a character. Has one owner and is
/// used in its context; owns nothing.
class Utf8Validator {
 public:
  /// Returns false at the first piece with a byte that no valid text can have there, even if the
  /// character is not complete: F4 90 fails at 90. After that only reset() may be called.
  [[nodiscard]] bool feed(std::span<const std::byte> piece) noexcept;

  /// Returns whether the text may end here: no character is incomplete.
  [[nodiscard]] bool complete() const noexcept { return needed_ == 0; }

  void reset() noexcept { *this = {}; }

 private:
  bool step(std::uint8_t byte) noexcept;
  bool start(std::uint8_t byte) noexcept;
  bool feed_bytes(std::span<const std::byte> piece) noexcept;

  std::uint8_t needed_ = 0;  // continuation bytes until the character is complete
  std::uint8_t low_ = 0x80;  // the range of the next one, narrower after some first bytes
  std::uint8_t high_ = 0xBF;
};

/// Returns whether all of `text` is UTF-8. Any thread.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace aiopyr
