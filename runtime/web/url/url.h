#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <aiopyr/runtime/text/percent_escape.h>
#include <aiopyr/runtime/web/url/multidict.h>

/// Percent-encoding and query strings, as Pyramid and WebOb treat them. Stateless; any thread.
namespace aiopyr {

/// The characters that Pyramid leaves unquoted in a path besides letters, digits and `-._~`
/// (pyramid.traversal's PATH_SEGMENT_SAFE is this without the slash).
inline constexpr std::string_view kPathSafe = "/~!$&'()*+,;=:@";
inline constexpr std::string_view kPathSegmentSafe = "~!$&'()*+,;=:@";

/// The most parameters that a query or a form may have by default.
inline constexpr std::size_t kMaxParameters = 1000;

/// Percent-encodes all bytes but letters, digits, `-._~` and those of `safe` (urllib.parse.quote).
[[nodiscard]] std::string url_quote(std::string_view text, std::string_view safe = "/");

/// Encodes for query strings: a space becomes `+`, nothing else is safe (quote_plus).
[[nodiscard]] std::string url_quote_plus(std::string_view text);

/// Decodes %XX. Invalid escapes are kept as they are, as Python's unquote does. The result may be
/// any bytes.
[[nodiscard]] std::string url_unquote(std::string_view text);

/// Decodes %XX, and `+` as a space.
[[nodiscard]] std::string url_unquote_plus(std::string_view text);

/// Decodes a raw path (REQUEST_URI's) strictly. Throws HTTPBadRequest with the position if an
/// escape is invalid or the result is not UTF-8.
[[nodiscard]] std::string decode_path(std::string_view raw);

/// Parses `a=1&b=2` (the query of a URL, or a form of application/x-www-form-urlencoded, as the
/// WHATWG URL standard defines it): `+` is a space, empty pieces are skipped, a name without `=`
/// has the value "". Throws HTTPBadRequest if a name or value is not UTF-8, or there are more than
/// `max_parameters`.
[[nodiscard]] MultiDict parse_query(std::string_view text,
                                    std::size_t max_parameters = kMaxParameters);

/// Encodes parameters as `a=1&b=two+words`, the reverse of parse_query().
[[nodiscard]] std::string url_encode(const MultiDict& parameters);

}  // namespace aiopyr
