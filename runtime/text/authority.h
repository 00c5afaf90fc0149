#pragma once

#include <string_view>

/// Where a URL points to: scheme, host and port (RFC 3986 section 3). Nothing is decoded, and no
/// case is changed. Any thread.
namespace aiopyr {

/// What stands between `//` and the path, as in a Host header, without user information. Refers to
/// the text that it was taken from.
struct Authority {
  std::string_view host;  ///< an IPv6 address with its brackets
  std::string_view port;  ///< empty where there is none
};

/// Splits `example.com:8080` or `[::1]:8080`. The colons of an address in brackets are no port's.
[[nodiscard]] Authority split_authority(std::string_view text) noexcept;

/// Whether `text` is a host, with or without a port: a name or an IPv4 address of what RFC 3986
/// section 3.2.2 lets stand in one, or an IPv6 address in brackets; the port a number up to 65535,
/// or nothing behind its colon. User information is none of it, nor is an empty host.
[[nodiscard]] bool is_authority(std::string_view text) noexcept;

/// Returns "443" for https, "80" for http, nothing for another scheme. The scheme is in lower case.
[[nodiscard]] std::string_view default_port(std::string_view scheme) noexcept;

/// An absolute URL's parts. Refers to the text that it was taken from.
struct UrlStart {
  std::string_view scheme;     ///< as written, without `://`
  std::string_view authority;  ///< may be empty, as in `file:///x`
  std::string_view rest;       ///< path, query and fragment
};

/// Splits `https://example.com:8080/a?b#c`. What has no `://` is all `rest`.
[[nodiscard]] UrlStart split_url_start(std::string_view url) noexcept;

}  // namespace aiopyr
