#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aiopyr::detail {

/// A part of a representation: the offset of its first byte and its length, at least one.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// Parses a Range header (RFC 9110 section 14.2) for a representation of `size` bytes. Returns the
/// ranges within it, cut at its end, sorted, with overlapping or adjacent ones merged. Empty if
/// none can be satisfied. Returns nullopt if the header has to be ignored: another unit, malformed,
/// more than a hundred ranges, or an empty representation.
[[nodiscard]] std::optional<std::vector<ByteRange>> parse_byte_ranges(std::string_view header,
                                                                      std::uint64_t size);

}  // namespace aiopyr::detail
