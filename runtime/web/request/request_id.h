#pragma once

#include <string>
#include <string_view>

namespace aiopyr {

/// The header that brings a request's id, and takes it back.
inline constexpr std::string_view kRequestIdHeader = "X-Request-ID";

/// Whether what a client sent may be an id: 1 to 128 letters, digits and `-_.:/+=@~`, which need no
/// escape in any log.
[[nodiscard]] bool is_request_id(std::string_view text) noexcept;

/// The id that a client has sent, or where that is none a new one: 32 random hexadecimal digits.
[[nodiscard]] std::string make_request_id(std::string_view sent);

}  // namespace aiopyr
