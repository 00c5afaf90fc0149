#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/direct_write.h>
#include <aiopyr/plugin/keep_alive.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_head.h>
#include <aiopyr/plugin/response_sender.h>
#include <aiopyr/plugin/socket_protocol.h>
#include <aiopyr/plugin/taken_connection.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/uwsgi_environ.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// By uWSGI's own functions.
void send_body_by_uwsgi(wsgi_request& request, const Response& response) {
  const std::size_t length = response.content_length();
  // uWSGI takes a length of 0 for the whole file.
  if (length == 0) {
    require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  } else if (const auto& file = response.file_body()) {
    require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK &&
                    uwsgi_response_sendfile_do_can_close(
                        &request, file->fd(), response.file_offset(), length, 0) == UWSGI_OK);
  } else {
    // Headers and body leave in one write.
    require_written(uwsgi_response_write_body_do(&request, chars(response.body()), length) ==
                    UWSGI_OK);
  }
}

/// Sends head and body. The head may wait for uWSGI to add to it.
void send_whole(wsgi_request& request, Response& response, bool head_only, bool keep) {
  std::string_view head;
  if (is_head_complete(request)) {
    head = finish_head(request);
  } else {
    require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  }
  DirectWrite direct(request, keep);
  if (!head_only && response.file_body() && response.content_length() > 0) {
    direct.send(head, response.file_body(), response.file_offset(), response.content_length());
  } else {
    direct.send(head, head_only ? std::string() : response.take_body());
  }
}

/// What becomes of the connection is known before the head is written, unless a route is to see
/// that.
Persistence write_head_of(wsgi_request& request, const UwsgiEnviron& environ,
                          const Response& response, bool head_only) {
  if (uwsgi.response_routes == nullptr) {
    const Persistence persistence = persistence_of(request, environ, response, head_only);
    require_written(write_head(request, response, persistence.connection));
    return persistence;
  }
  require_written(write_head(request, response, {}) && route_response(request));
  const Persistence persistence = persistence_of(request, environ, response, head_only);
  require_written(add_connection(request, persistence.connection));
  return persistence;
}

void send_upgrade(wsgi_request& request, Response response) {
  if (!can_be_taken(*request.socket)) {
    throw Error("a connection cannot be upgraded on a socket of protocol " +
                std::string(protocol_of(*request.socket)) + ": use an http, https or uwsgi socket");
  }
  require_written(write_head(request, response, {}));
  require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  Upgrade upgrade;
  if (request.proto_parser_remains > 0) {
    upgrade.leftover.assign(static_cast<const char*>(request.proto_parser_remains_buf),
                            request.proto_parser_remains);
  }
  upgrade.take_over = std::move(response.on_upgrade);
  upgrade.transport = take_connection(request);
  current_request_fiber().set_upgrade(std::move(upgrade));
}

}  // namespace

void send_response(wsgi_request& request, UwsgiEnviron& environ, Response response,
                   bool head_only) {
  if (response.on_upgrade) {
    send_upgrade(request, std::move(response));
    return;
  }
  const ClientPace pace(current_request_fiber(), FdEvents::kWrite);
  const Persistence persistence = write_head_of(request, environ, response, head_only);
  if (DirectWrite::is_possible(request)) {
    send_whole(request, response, head_only, persistence.keep);
  } else if (head_only) {
    require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  } else {
    send_body_by_uwsgi(request, response);
  }
  release_head(request);
  if (request.fd_closed != 0) return;
  if (persistence.keep) {
    RequestFiber& fiber = current_request_fiber();
    fiber.set_aside(fiber.next_request());
  } else if (can_be_taken(*request.socket) &&
             (persistence.surprises || environ.has_unread_body())) {
    close_after_request(take_connection(request));
  }
}

}  // namespace aiopyr::plugin
