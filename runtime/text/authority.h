#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The authority of a URL: host and port (RFC 3986 section 3). Nothing is decoded, and no case is
/// changed. Any thread.
namespace aiopyr {

/// The part between `//` and the path, as in a Host header, without user information. Refers to the
/// text that it was taken from.
struct Authority {
  std::string_view host;  ///< an IPv6 address with its brackets
  std::string_view port;  ///< empty where there is none
};

/// Splits `example.com:8080` or `[::1]:8080`. Colons within the brackets belong to the address.
[[nodiscard]] Authority split_authority(std::string_view text) noexcept;

/// Returns whether `text` is a host, with or without a port. The host is a name or an IPv4 address
/// of the characters that RFC 3986 section 3.2.2 allows, or an IPv6 address in brackets. The port
/// is a number up to 65535, or empty behind its colon. False for user information and for an empty
/// host.
[[nodiscard]] bool is_authority(std::string_view text) noexcept;

/// Returns a port as a number without leading zeros; nothing for what is no number from 1 to 65535.
[[nodiscard]] std::optional<std::string> plain_port(std::string_view text);

/// Returns "443" for https, "80" for http, "" for another scheme. The scheme is in lower case.
[[nodiscard]] std::string_view default_port(std::string_view scheme) noexcept;

/// The parts of an absolute URL. Refers to the text that it was taken from.
struct UrlStart {
  std::string_view scheme;     ///< as written, without `://`
  std::string_view authority;  ///< may be empty, as in `file:///x`
  std::string_view rest;       ///< path, query and fragment
};

/// Splits `https://example.com:8080/a?b#c`. A text without `://` is all `rest`.
[[nodiscard]] UrlStart split_url_start(std::string_view url) noexcept;

}  // namespace aiopyr
