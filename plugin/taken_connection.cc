#include <string>
#include <utility>

#include <aiopyr/plugin/orderly_close.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/socket_protocol.h>
#include <aiopyr/plugin/taken_connection.h>
#include <aiopyr/plugin/tls_transport.h>
#include <aiopyr/runtime/async/socket_transport.h>
#include <aiopyr/runtime/async/spawn.h>

namespace aiopyr::plugin {

bool can_be_taken(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = protocol_of(socket);
  return protocol != "fastcgi" && protocol != "scgi" && !protocol.ends_with("-persistent") &&
         protocol != "fastcgi-nph" && protocol != "scgi-nph" && protocol != "raw";
}

std::unique_ptr<Transport> take_connection(wsgi_request& request) {
  std::unique_ptr<Transport> transport;
  if (request.ssl != nullptr) {
    transport = std::make_unique<TlsTransport>(request.ssl, request.fd);
  } else {
    transport = std::make_unique<SocketTransport>(request.fd);
  }
  // Until here uWSGI would close it, for want of memory.
  request.fd_closed = 1;
  return transport;
}

void close_after_request(std::unique_ptr<Transport> connection) {
  Upgrade upgrade;
  upgrade.transport = std::move(connection);
  upgrade.take_over = [](std::unique_ptr<Transport> closed, const std::string&) {
    spawn(close_in_order(std::move(closed)));
  };
  current_request_fiber().set_upgrade(std::move(upgrade));
}

}  // namespace aiopyr::plugin
