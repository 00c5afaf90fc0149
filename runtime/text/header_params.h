#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Header values with parameters, such as Content-Type's and Content-Disposition's. Any thread.
namespace aiopyr {

/// A value such as `value; name=text; name="quoted text"`. Value and names are in lower case, texts
/// as they are.
struct HeaderValue {
  std::string value;
  std::vector<std::pair<std::string, std::string>> params;

  /// Returns the first parameter of that (lower case) name, or null.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
};

/// Parses leniently: an unclosed quote runs to the end, and pieces without a name are skipped. In
/// quoted text a backslash escapes only `"` and `\`, because some clients send unescaped Windows
/// paths as filenames.
[[nodiscard]] HeaderValue parse_header_value(std::string_view text);

/// Returns the non-empty elements of a comma-separated header (RFC 9110 section 5.6.1). Commas
/// within quotes do not separate.
[[nodiscard]] std::vector<std::string_view> split_header_list(std::string_view text);

/// Returns whether `element` is in the list, in any case. Allocates nothing.
[[nodiscard]] bool header_list_contains(std::string_view text, std::string_view element) noexcept;

}  // namespace aiopyr
