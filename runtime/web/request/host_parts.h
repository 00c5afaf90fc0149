#pragma once

#include <string>

namespace aiopyr {

class Request;

namespace detail {

/// The host that a request is for, as webob's request.domain and request.host_port.
struct HostParts {
  std::string domain;  ///< "example.com", "[::1]"
  std::string port;    ///< the scheme's own where the Host header has none
};

[[nodiscard]] HostParts host_parts_of(const Request& request);

}  // namespace detail

}  // namespace aiopyr
