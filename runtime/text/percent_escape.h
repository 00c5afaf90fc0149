#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// The escapes of URLs, `%2F` (RFC 3986 section 2.1). Any thread.
namespace aiopyr {

/// Whether `text` has a `%` and two hexadecimal digits in position `at`. Requires: at <
/// text.size().
[[nodiscard]] bool is_percent_escape(std::string_view text, std::size_t at) noexcept;

/// The position of the first `%` that two hexadecimal digits do not follow.
[[nodiscard]] std::optional<std::size_t> find_bad_escape(std::string_view text) noexcept;

}  // namespace aiopyr
