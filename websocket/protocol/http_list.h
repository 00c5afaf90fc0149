#pragma once

#include <string_view>
#include <vector>

/// The few rules of HTTP header values that the opening handshake needs: RFC 9110 section 5.6.
/// Pure functions, for any thread; what they return is part of the argument.
namespace aiopyr::websocket::detail {

/// Without the spaces and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Equal but for the case of ASCII letters.
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// The trimmed elements of a comma-separated list; empty ones are left out.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view value);

/// Whether the list has `element`, whatever the case.
[[nodiscard]] bool list_contains(std::string_view value, std::string_view element);

/// Whether `text` is a token: one or more characters, none of them a separator.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

}  // namespace aiopyr::websocket::detail
