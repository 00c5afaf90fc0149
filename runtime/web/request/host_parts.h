#pragma once

#include <string>
#include <string_view>

namespace aiopyr {

class Request;

namespace detail {

/// The host that a request is for, as webob's request.domain and request.host_port.
struct HostParts {
  std::string domain;  ///< "example.com", "[::1]"
  std::string port;    ///< the scheme's default if the Host header has none
};

[[nodiscard]] HostParts host_parts_of(const Request& request);

/// Returns "http" or "https", as a request's variables of these names say: those of uWSGI's routers
/// and of a web server's uwsgi_params, the surest first.
[[nodiscard]] std::string_view scheme_told(std::string_view uwsgi_scheme, std::string_view https,
                                           std::string_view request_scheme) noexcept;

}  // namespace detail

}  // namespace aiopyr
