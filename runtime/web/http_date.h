#pragma once

#include <chrono>
#include <string>

namespace aiopyr {

/// The form of HTTP's Date and Last-Modified: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section
/// 5.6.7). Independent of locale and time zone; any thread.
[[nodiscard]] std::string http_date(std::chrono::system_clock::time_point time);

/// The form that WebOb gives a cookie's expires: "Sun, 06-Nov-1994 08:49:37 GMT".
[[nodiscard]] std::string cookie_date(std::chrono::system_clock::time_point time);

}  // namespace aiopyr
