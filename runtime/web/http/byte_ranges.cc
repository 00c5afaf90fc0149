#include <algorithm>

#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>
#include <aiopyr/runtime/web/http/byte_ranges.h>

namespace aiopyr::detail {

namespace {

constexpr std::size_t kMaxRanges = 100;

/// Parses digits only; a number above 64 bits becomes the largest one.
std::optional<std::uint64_t> parse_position(std::string_view text) {
  const bool is_number = !text.empty() && std::all_of(text.begin(), text.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return std::nullopt;
  return parse_number<std::uint64_t>(text).value_or(UINT64_MAX);
}

/// Parses one range-spec: nullopt if malformed, a length of 0 if it cannot be satisfied.
std::optional<ByteRange> parse_range(std::string_view text, std::uint64_t size) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto last = parse_position(text.substr(dash + 1));
  if (dash == 0) {
    if (!last) return std::nullopt;
    const std::uint64_t length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  const auto first = parse_position(text.substr(0, dash));
  if (!first || (!last && dash + 1 != text.size())) return std::nullopt;
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return ByteRange{};
  const std::uint64_t end = last && *last < size ? *last + 1 : size;
  return ByteRange{*first, end - *first};
}

std::vector<ByteRange> merged(std::vector<ByteRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const ByteRange& a, const ByteRange& b) { return a.offset < b.offset; });
  std::vector<ByteRange> result;
  for (const ByteRange& range : ranges) {
    if (result.empty() || range.offset > result.back().offset + result.back().length) {
      result.push_back(range);
      continue;
    }
    ByteRange& last = result.back();
    last.length = std::max(last.offset + last.length, range.offset + range.length) - last.offset;
  }
  return result;
}

}  // namespace

std::optional<std::vector<ByteRange>> parse_byte_ranges(std::string_view header,
                                                        std::uint64_t size) {
  const auto equals = header.find('=');
  if (size == 0 || equals == std::string_view::npos) return std::nullopt;
  if (!ascii_iequals(trim_whitespace(header.substr(0, equals)), "bytes")) return std::nullopt;
  const auto specs = split_header_list(header.substr(equals + 1));
  if (specs.empty() || specs.size() > kMaxRanges) return std::nullopt;
  std::vector<ByteRange> ranges;
  for (const std::string_view spec : specs) {
    const auto range = parse_range(trim_whitespace(spec), size);
    if (!range) return std::nullopt;
    if (range->length > 0) ranges.push_back(*range);
  }
  return merged(std::move(ranges));
}

}  // namespace aiopyr::detail
