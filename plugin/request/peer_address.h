#pragma once

#include <string>

struct wsgi_request;

namespace aiopyr::plugin {

/// Returns the address of who has connected to a core's socket, whatever is told of it; empty for
/// the client of a Unix socket.
[[nodiscard]] std::string peer_address(const wsgi_request& request);

}  // namespace aiopyr::plugin
