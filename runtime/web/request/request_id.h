#pragma once

#include <string>
#include <string_view>

namespace aiopyr {

/// The header that carries a request's id, in the request and in the response.
inline constexpr std::string_view kRequestIdHeader = "X-Request-ID";

/// Returns whether a client's text is valid as an id: 1 to 128 letters, digits and `-_.:/+=@~`,
/// which need no escape in any log.
[[nodiscard]] bool is_request_id(std::string_view text) noexcept;

/// Returns the id that a client has sent or, if that is invalid, a new one: 32 random hexadecimal
/// digits.
[[nodiscard]] std::string make_request_id(std::string_view sent);

}  // namespace aiopyr
