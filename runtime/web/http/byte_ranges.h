#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aiopyr::detail {

/// A part of a representation: its first byte and how many there are, at least one.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Reads a Range header (RFC 9110 section 14.2) for a representation of `size` bytes: the ranges
/// that it has, cut at its end, by their place, those that overlap or touch made one. Empty where
/// none can be satisfied; nothing where the header is to be ignored: another unit, malformed, more
/// than a hundred ranges, or nothing to take a part of.
[[nodiscard]] std::optional<std::vector<ByteRange>> parse_byte_ranges(std::string_view header,
                                                                      std::uint64_t size);

}  // namespace aiopyr::detail
