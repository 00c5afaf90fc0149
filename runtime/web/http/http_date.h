#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aiopyr {

/// Formats a time as in HTTP's Date and Last-Modified: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110
/// section 5.6.7). Independent of locale and time zone; any thread.
[[nodiscard]] std::string http_date(std::chrono::system_clock::time_point time);

/// Returns the current time in the same form, for the Date of a response; formatted once a second.
/// The view is valid until this thread's next call.
[[nodiscard]] std::string_view http_date_now();

/// Parses a date in any of the three forms that RFC 9110 section 5.6.7 requires recipients to
/// accept: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37
/// 1994". Ignores parameters behind `;`, which old browsers sent. Returns nullopt if it is no date.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_http_date(
    std::string_view text) noexcept;

/// Formats a time as WebOb does in a cookie's expires: "Sun, 06-Nov-1994 08:49:37 GMT".
[[nodiscard]] std::string cookie_date(std::chrono::system_clock::time_point time);

}  // namespace aiopyr
