#pragma once

#include <string_view>

struct wsgi_request;

namespace aiopyr {
struct HttpHead;
}

namespace aiopyr::plugin {

/// The ends of a connection as a proxy in front has told them, where uWSGI's enable-proxy-protocol
/// is set; empty where it has not.
struct ProxiedPeer {
  std::string_view source;
  std::string_view source_port;
  std::string_view destination;
  std::string_view destination_port;
};

/// Takes the line of the PROXY protocol off the front of `text`, where there is one and the option
/// is set.
[[nodiscard]] ProxiedPeer take_proxy_line(std::string_view& text) noexcept;

/// Writes a request's CGI variables into uWSGI's packet, the same ones as uWSGI's HTTP parser does:
/// repeated headers are joined with `, ` (Cookie, which would not survive that, with `; `). False
/// where they do not fit its buffer-size. Any context.
[[nodiscard]] bool write_variables(wsgi_request& request, const HttpHead& head,
                                   const ProxiedPeer& proxied) noexcept;

}  // namespace aiopyr::plugin
