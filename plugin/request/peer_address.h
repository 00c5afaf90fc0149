#pragma once

#include <string>

struct wsgi_request;

namespace aiopyr::plugin {

/// Returns the address of the peer that has connected to a core's socket, whatever a proxy says of
/// the client; empty for a peer on a Unix socket.
[[nodiscard]] std::string peer_address(const wsgi_request& request);

}  // namespace aiopyr::plugin
