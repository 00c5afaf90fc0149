#include <algorithm>

#include <aiopyr/plugin/keep_alive.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/uwsgi_environ.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/header_params.h>

namespace aiopyr::plugin {

namespace {

bool lists(std::string_view value, std::string_view option) {
  const auto elements = split_header_list(value);
  return std::any_of(elements.begin(), elements.end(),
                     [option](std::string_view one) { return ascii_iequals(one, option); });
}

bool client_wants_more(std::string_view version, std::string_view connection) {
  if (version != "HTTP/1.0") return connection.empty() || !lists(connection, "close");
  return !connection.empty() && lists(connection, "keep-alive");
}

bool app_closes(const Response& response) {
  const auto connection = response.headers().get("Connection");
  return connection && lists(*connection, "close");
}

/// Whether the worker goes on, as far as this connection has to do with it.
bool is_welcome(const wsgi_request& request, const Arrival& arrival) noexcept {
  const std::size_t limit = options().keep_alive_requests;
  if (limit > 0 && arrival.served + 1 >= limit) return false;
  return PendingConnections::current()->keeps() || request.proto_parser_remains > 0;
}

/// A PROXY line stands before the first request of a connection, and counts for that one only.
bool knows_client() noexcept { return uwsgi.enable_proxy_protocol == 0; }

/// Whether the client can tell where the response ends, and we where its next request begins.
bool is_framed(const wsgi_request& request, const UwsgiEnviron& environ, const Response& response) {
  if (environ.has_unread_body() || environ.has_lost_input()) return false;
  // These change the response behind our back.
  if (request.transformations != nullptr || request.remove_headers != nullptr) return false;
  const int status = response.status_code();
  return status == 204 || status == 304 || response.headers().contains("Content-Length");
}

}  // namespace

Persistence persistence_of(const wsgi_request& request, const UwsgiEnviron& environ,
                           const Response& response) {
  if (!may_be_unfinished(*request.socket)) return {};
  const std::string_view version = environ.get("SERVER_PROTOCOL");
  const bool is_old = version == "HTTP/1.0";
  const std::string_view close = is_old ? "" : "close";
  if (!client_wants_more(version, environ.get("HTTP_CONNECTION"))) {
    return {.keep = false, .surprises = false, .connection = close};
  }
  if (app_closes(response)) return {.keep = false, .surprises = true, .connection = {}};
  const bool keep = options().keep_alive > 0 && knows_client() &&
                    is_welcome(request, current_request_fiber().arrival()) &&
                    is_framed(request, environ, response);
  if (!keep) return {.keep = false, .surprises = true, .connection = close};
  return {.keep = true, .surprises = false, .connection = is_old ? "keep-alive" : ""};
}

}  // namespace aiopyr::plugin
