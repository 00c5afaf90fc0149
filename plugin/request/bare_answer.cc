#include <string>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/connection/bare_response.h>
#include <aiopyr/plugin/request/bare_answer.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

void send_bare_response(wsgi_request& request, Response response, bool head_only) {
  if (!traits_of(*request.socket).passes_http) return;
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
