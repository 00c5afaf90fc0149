#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/linger.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_sender.h>
#include <aiopyr/plugin/tls_transport.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/uwsgi_environ.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/socket_transport.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

std::uint16_t header_length(std::string_view text) {
  if (text.size() > UINT16_MAX) throw Error("a response header is longer than 65535 bytes");
  return static_cast<std::uint16_t>(text.size());
}

void require(bool written) {
  if (written) return;
  if (Fiber::current()->is_cancelled()) throw CancelledError();
  throw ClientDisconnected("the client went away before it had its response");
}

void add_head(wsgi_request& request, const Response& response) {
  const std::string status = response.status();
  require(uwsgi_response_prepare_headers(&request, chars(status), header_length(status)) == 0);
  for (const auto& [name, value] : response.headers()) {
    require(uwsgi_response_add_header(&request, chars(name), header_length(name), chars(value),
                                      header_length(value)) == 0);
  }
}

void send_body(wsgi_request& request, const Response& response) {
  if (const auto& file = response.file_body()) {
    require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
    // uWSGI takes a length of 0 for the whole file.
    if (response.content_length() == 0) return;
    require(uwsgi_response_sendfile_do_can_close(&request, file->fd(), response.file_offset(),
                                                 response.content_length(), 0) == UWSGI_OK);
    return;
  }
  if (response.body().empty()) {
    require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
    return;
  }
  require(uwsgi_response_write_body_do(&request, chars(response.body()), response.body().size()) ==
          UWSGI_OK);
}

/// Sockets whose bytes are the client's own once the request's head is read.
bool can_upgrade(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = socket.proto_name != nullptr ? socket.proto_name : "uwsgi";
  return protocol != "fastcgi" && protocol != "scgi" && !protocol.ends_with("-persistent") &&
         protocol != "fastcgi-nph" && protocol != "scgi-nph" && protocol != "raw";
}

void send_upgrade(wsgi_request& request, Response response) {
  if (!can_upgrade(*request.socket)) {
    throw Error("a connection cannot be upgraded on a socket of protocol " +
                std::string(request.socket->proto_name) + ": use an http, https or uwsgi socket");
  }
  add_head(request, response);
  require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  Upgrade upgrade;
  if (request.proto_parser_remains > 0) {
    upgrade.leftover.assign(static_cast<const char*>(request.proto_parser_remains_buf),
                            request.proto_parser_remains);
  }
  upgrade.take_over = std::move(response.on_upgrade);
  if (request.ssl != nullptr) {
    upgrade.transport = std::make_unique<TlsTransport>(request.ssl, request.fd);
  } else {
    upgrade.transport = std::make_unique<SocketTransport>(request.fd);
  }
  // From here on neither the descriptor nor the TLS session is uWSGI's to close.
  request.fd_closed = 1;
  current_request_fiber().set_upgrade(std::move(upgrade));
}

}  // namespace

void send_response(wsgi_request& request, UwsgiEnviron& environ, Response response,
                   bool head_only) {
  if (response.on_upgrade) {
    send_upgrade(request, std::move(response));
    return;
  }
  add_head(request, response);
  if (head_only) {
    require(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  } else {
    send_body(request, response);
  }
  if (environ.has_unread_body()) linger(request);
}

}  // namespace aiopyr::plugin
