#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/hosting/connection_terms.h>
#include <aiopyr/plugin/hosting/response_sender.h>
#include <aiopyr/plugin/hosting/uwsgi_head.h>
#include <aiopyr/plugin/io/socket_buffers.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/transformations.h>
#include <aiopyr/plugin/request/uwsgi_environ.h>
#include <aiopyr/plugin/response/persistence.h>
#include <aiopyr/plugin/response/response_writer.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

constexpr std::string_view kContentLength = "Content-Length";

/// The core of uWSGI's that serves a request.
class UwsgiCore final : public RequestCore {
 public:
  explicit UwsgiCore(ServedRequest& served) noexcept : request_(served.request), served_(served) {}

  void note_sent(std::size_t head, std::size_t body) noexcept override {
    request_.headers_sent = 1;
    request_.headers_size += head;
    request_.response_size += body;
  }
  void note_failed() noexcept override { request_.write_errors++; }
  void return_for_next_request() noexcept override {
    take_next(*served_.connection(), request_, served_.connections.loop().now());
  }
  void return_stream() noexcept override { take_stream_back(*served_.connection(), request_); }
  void end_with(Ending ending) override { served_.end_with(std::move(ending)); }

 private:
  wsgi_request& request_;
  ServedRequest& served_;
};

void require_written(bool written) {
  if (!written) throw_not_written();
}

/// Returns whether the client gets exactly the bytes that are written to the connection: no other
/// protocol around it, no transformation of uWSGI's, no thread of uWSGI's for files.
bool is_written_directly(const wsgi_request& request) noexcept {
  return traits_of(*request.socket).can_be_taken && !are_bodies_transformed(request) &&
         request.ignore_body == 0 && uwsgi.offload_threads == 0;
}

/// Sends head and body by uWSGI's own functions.
void send_body_by_uwsgi(wsgi_request& request, const Response& response) {
  const std::size_t length = response.content_length();
  // uWSGI treats a length of 0 as the whole file.
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

/// Sends head and body, in one write if the socket takes them.
void send_whole(wsgi_request& request, UwsgiCore& core, Response& response, bool head_only,
                bool keep) {
  std::string_view head;
  if (is_head_ours(request)) {
    head = finish_head(request);
  } else {
    require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  }
  ServedRequest& served = current_request();
  ResponseWriter writer(*served.connection(), served.connections, core, keep);
  if (!head_only && response.file_body() && response.content_length() > 0) {
    writer.send(head, response.file_body(), response.file_offset(), response.content_length());
  } else {
    writer.send(head, head_only ? std::string() : response.take_body());
  }
}

/// Returns the fate of the connection of a request whose response is about to be sent.
Persistence persistence_in(const wsgi_request& request, const UwsgiEnviron& environ,
                           const Response& response, bool head_only) {
  if (traits_of(*request.socket).is_http) {
    return persistence_of(terms_of(request, environ, response), response, head_only);
  }
  if (traits_of(*request.socket).protocol != "uwsgi") return {};
  if (!is_behind_closing_router(request)) return unsaid(response);
  return closing(terms_of(request, environ, response), response);
}

/// Removes the length from a head whose body will be transformed: it would be wrong. Files are sent
/// unchanged.
void drop_wrong_length(const wsgi_request& request, Response& response) {
  if (are_bodies_transformed(request) && !response.file_body()) {
    response.headers().erase(kContentLength);
  }
}

/// Writes the head so that routes see it, and may transform the body; adds length and Connection
/// after them.
Persistence write_routed_head(wsgi_request& request, const UwsgiEnviron& environ,
                              Response& response, bool head_only) {
  const std::string length(response.headers().get(kContentLength).value_or(""));
  response.headers().erase(kContentLength);
  require_written(write_head(request, response, {}) && route_response(request));
  if (!length.empty()) response.headers().set(kContentLength, length);
  drop_wrong_length(request, response);
  const bool has_length = response.headers().contains(kContentLength);
  require_written(add_field(request, kContentLength, has_length ? length : ""));
  const Persistence persistence = persistence_in(request, environ, response, head_only);
  require_written(add_field(request, "Connection", persistence.connection));
  return persistence;
}

/// Writes the head. The fate of the connection is decided before, unless a route is to see the
/// head.
Persistence write_head_of(wsgi_request& request, const UwsgiEnviron& environ, Response& response,
                          bool head_only) {
  if (may_be_transformed_later()) {
    return write_routed_head(request, environ, response, head_only);
  }
  drop_wrong_length(request, response);
  const Persistence persistence = persistence_in(request, environ, response, head_only);
  require_written(write_head(request, response, persistence.connection));
  return persistence;
}

void send_upgrade(wsgi_request& request, UwsgiCore& core, Response response) {
  if (!traits_of(*request.socket).can_be_taken) {
    throw Error("a connection cannot be upgraded on a socket of protocol " +
                std::string(traits_of(*request.socket).protocol) +
                ": use an http, https or uwsgi socket");
  }
  require_written(write_head(request, response, {}));
  require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  ending::HandedOver handed{std::move(response.on_upgrade), {}};
  if (request.proto_parser_remains > 0) {
    handed.leftover.assign(static_cast<const char*>(request.proto_parser_remains_buf),
                           request.proto_parser_remains);
  }
  core.return_stream();
  core.end_with(std::move(handed));
}

}  // namespace

void send_response(wsgi_request& request, UwsgiEnviron& environ, Response response,
                   bool head_only) {
  ServedRequest& served = current_request();
  UwsgiCore core(served);
  if (response.on_upgrade) {
    send_upgrade(request, core, std::move(response));
    return;
  }
  // Stops waiting for the rest of the body: its right to a slow core is for the response now.
  served.reading.end_body();
  const ClientPace::Scope paced(served.pace, FdEvents::kWrite);
  const Persistence persistence = write_head_of(request, environ, response, head_only);
  if (is_written_directly(request)) {
    send_whole(request, core, response, head_only, persistence.keep);
  } else if (head_only) {
    require_written(uwsgi_response_write_headers_do(&request) == UWSGI_OK);
  } else {
    send_body_by_uwsgi(request, response);
  }
  require_written(end_transformed_body(request));
  release_head(request);
  if (request.fd_closed != 0) return;
  if (persistence.keep) {
    core.return_for_next_request();
    core.end_with(ending::Kept{});
  } else if (traits_of(*request.socket).can_be_taken &&
             (persistence.surprises || environ.has_unread_body() || unread_bytes(request.fd) > 0)) {
    // Ends in order: a connection closed with unread input would be reset, and the response lost.
    core.return_stream();
    core.end_with(ending::InOrder{});
  }
}

}  // namespace aiopyr::plugin
