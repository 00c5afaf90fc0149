#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Header values with parameters, such as Content-Type's and Content-Disposition's. Any thread.
namespace aiopyr {

/// `value; name=text; name="quoted text"`. Value and names in lower case, texts as they are.
struct HeaderValue {
  std::string value;
  std::vector<std::pair<std::string, std::string>> params;

  /// The first parameter of that (lower case) name, or null.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
};

/// Parses leniently: a quote that is never closed runs to the end, pieces without a name are
/// skipped. In quoted text a backslash escapes `"` and `\` only, because some clients send
/// unescaped Windows paths as filenames.
[[nodiscard]] HeaderValue parse_header_value(std::string_view text);

/// The non-empty elements of a comma-separated header (RFC 9110 section 5.6.1), quotes respected.
[[nodiscard]] std::vector<std::string_view> split_header_list(std::string_view text);

/// Whether that element is one of them, in any case. Allocates nothing.
[[nodiscard]] bool header_list_contains(std::string_view text, std::string_view element) noexcept;

}  // namespace aiopyr
