#pragma once

#include <string>
#include <string_view>

/// Small text helpers for HTTP's ASCII tokens, independent of the locale. Any thread.
namespace aiopyr {

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr char ascii_upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool is_ascii_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

[[nodiscard]] bool ascii_iequals(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// Returns `text` without the spaces, tabs and line ends at both ends.
[[nodiscard]] std::string_view trim_whitespace(std::string_view text) noexcept;

/// Removes the text up to and including the first `separator`, and returns what was before it; all
/// of the text if there is no separator.
std::string_view take_until(std::string_view& text, char separator) noexcept;

/// Returns whether `text` is a non-empty token of RFC 9110 section 5.6.2.
[[nodiscard]] bool is_http_token(std::string_view text) noexcept;

/// Returns the value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Returns `bytes` in lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// Returns the text with `&`, `<`, `>`, `"` and `'` as entities, fit for text and for quoted
/// attributes (Python's html.escape, which WebOb uses).
[[nodiscard]] std::string html_escape(std::string_view text);

/// Returns Pyramid's asbool: t, true, y, yes, on and 1 in any case are true, all else is false.
[[nodiscard]] bool is_truthy(std::string_view text) noexcept;

/// Returns `text` in a form to show in a message: bytes that are neither printable ASCII nor part
/// of valid UTF-8 become \xNN, and it is cut after 60 bytes.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace aiopyr
