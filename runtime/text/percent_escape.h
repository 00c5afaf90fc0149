#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The escapes in URLs, `%2F` (RFC 3986 section 2.1). Any thread.
namespace aiopyr {

/// Returns whether `text` has a `%` followed by two hexadecimal digits at position `at`. Requires:
/// at < text.size().
[[nodiscard]] bool is_percent_escape(std::string_view text, std::size_t at) noexcept;

/// Returns the position of the first `%` that is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::size_t> find_bad_escape(std::string_view text) noexcept;

/// Escapes all bytes but letters, digits, `-._~` (RFC 3986 section 2.3) and those of `safe`.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view safe = {});
/// Escapes in the same way for a query or a form, where a space is written as `+`.
[[nodiscard]] std::string percent_encode_plus(std::string_view text);

/// Decodes the escapes, and keeps bad ones as they are; `plus_is_space` decodes a form's `+` too.
[[nodiscard]] std::string percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace aiopyr
