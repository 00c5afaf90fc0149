#include <sstream>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/socket_protocol.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// Whether what is written to it goes to the client as it is.
bool writes_plain_http(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = protocol_of(socket);
  return protocol == "uwsgi" || protocol.starts_with("http");
}

}  // namespace

Response busy() {
  HTTPServiceUnavailable response("The server is busy. Please try again.");
  response.headers().set("Retry-After", "1");
  return response;
}

std::string to_http(Response response, bool head_only) {
  response.prepare("text/plain", "GET");
  std::ostringstream text;
  text << "HTTP/1.1 " << response.status() << "\r\n";
  for (const auto& [name, value] : response.headers()) text << name << ": " << value << "\r\n";
  text << "Connection: close\r\n\r\n";
  if (!head_only) text << response.body();
  return std::move(text).str();
}

void send_bare_response(wsgi_request& request, Response response, bool head_only) {
  if (!writes_plain_http(*request.socket)) return;
  request.status = response.status_code();
  std::string text = to_http(std::move(response), head_only);
  request.headers_sent = 1;
  request.write_pos = 0;
  request.socket->proto_write(&request, text.data(), text.size());
  request.response_size += request.write_pos;
  request.write_pos = 0;
  if (request.ssl == nullptr) ::shutdown(request.fd, SHUT_WR);
}

}  // namespace aiopyr::plugin
