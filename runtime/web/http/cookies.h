#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Cookies as webob.cookies reads and writes them. Stateless; any thread.
namespace aiopyr {

/// Maps names to values; of a name that occurs twice the last value counts, as in WebOb.
using Cookies = std::map<std::string, std::string, std::less<>>;

/// Parses a Cookie header (RFC 6265 section 4.2.1) leniently: it never throws, whatever the client
/// sent. Pieces without `=`, or whose name is not a token, are skipped; a quoted value loses its
/// quotes and its `\ooo` and `\c` escapes. Values that are not UTF-8 are read as ISO-8859-1, so
/// that every value is valid text.
[[nodiscard]] Cookies parse_cookies(std::string_view header);

/// The attributes of a Set-Cookie header. An empty `path`, `domain` or `samesite` is omitted.
struct CookieOptions {
  std::optional<std::chrono::seconds> max_age{};  ///< also sets Expires, as WebOb does
  std::string path = "/";
  std::string domain{};
  bool secure = false;
  bool httponly = false;
  std::string samesite{};  ///< strict, lax or none, in any case; none needs secure
  /// Overrides the date that max_age implies.
  std::optional<std::chrono::system_clock::time_point> expires{};
};

/// Returns the value of a Set-Cookie header (webob.cookies.make_cookie). Characters that a value
/// may not hold are quoted and written as `\ooo`. Throws Error for a bad name, for attributes that
/// hold control characters or `;`, and for a bad `samesite`.
[[nodiscard]] std::string make_cookie(std::string_view name, std::string_view value,
                                      const CookieOptions& options = {});

/// Returns the header that makes a browser forget the cookie: Max-Age=0 and a date in the past.
/// Path and domain must be those that the cookie was set with.
[[nodiscard]] std::string make_expired_cookie(std::string_view name, CookieOptions options = {});

}  // namespace aiopyr
