#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// Checks of the escapes in URLs, `%2F` (RFC 3986 section 2.1). Any thread.
namespace aiopyr {

/// Returns whether `text` has a `%` followed by two hexadecimal digits at position `at`. Requires:
/// at < text.size().
[[nodiscard]] bool is_percent_escape(std::string_view text, std::size_t at) noexcept;

/// Returns the position of the first `%` that is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::size_t> find_bad_escape(std::string_view text) noexcept;

}  // namespace aiopyr
