#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aiopyr {

/// The form of HTTP's Date and Last-Modified: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section
/// 5.6.7). Independent of locale and time zone; any thread.
[[nodiscard]] std::string http_date(std::chrono::system_clock::time_point time);

/// Returns that of now, as it stands in the Date of a response: formatted once a second. Valid
/// until the same thread asks again.
[[nodiscard]] std::string_view http_date_now();

/// Reads a date of HTTP in any of the three forms that RFC 9110 section 5.6.7 tells recipients to
/// take: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37
/// 1994". Parameters behind `;`, which old browsers sent, are left out. Nothing for what is none.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_http_date(
    std::string_view text) noexcept;

/// The form that WebOb gives a cookie's expires: "Sun, 06-Nov-1994 08:49:37 GMT".
[[nodiscard]] std::string cookie_date(std::chrono::system_clock::time_point time);

}  // namespace aiopyr
