#pragma once

#include <string_view>

#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

/// What a listening socket speaks: `http`, `https`, `uwsgi`, `fastcgi`, ... uWSGI gives no name to
/// one that speaks its own protocol.
inline std::string_view protocol_of(const uwsgi_socket& socket) noexcept {
  return socket.proto_name != nullptr ? socket.proto_name : "uwsgi";
}

}  // namespace aiopyr::plugin
