#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace aiopyr {

/// Parses the whole text as a number, as std::from_chars does: no spaces, no plus, in the C locale.
/// Returns nullopt if the text is empty, continues after the number, or does not fit into a Number.
/// `format` is passed on to std::from_chars: a base such as 16, or a std::chars_format.
template <class Number, class... Format>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, Format... format) noexcept {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, format...);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace aiopyr
