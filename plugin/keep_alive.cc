#include <cstdint>
#include <string>

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

bool client_wants_more(std::string_view version, std::string_view connection) {
  if (version != "HTTP/1.0")
    return connection.empty() || !header_list_contains(connection, "close");
  return !connection.empty() && header_list_contains(connection, "keep-alive");
}

bool app_closes(const Response& response) {
  const auto connection = response.headers().get("Connection");
  return connection && header_list_contains(*connection, "close");
}

/// Calls f with the names and values of a list such as add-header's. Returns whether f did once.
template <class F>
bool any_header(const uwsgi_string_list* added, F&& f) {
  for (; added != nullptr; added = added->next) {
    const std::string_view line(added->value, added->len);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && f(line.substr(0, colon), line.substr(colon + 1))) {
      return true;
    }
  }
  return false;
}

/// Whether the operator has uWSGI say so, with add-header or in a route.
bool uwsgi_closes(const wsgi_request& request) {
  const auto closes = [](std::string_view name, std::string_view value) {
    return ascii_iequals(name, "Connection") && header_list_contains(value, "close");
  };
  return any_header(uwsgi.additional_headers, closes) ||
         any_header(request.additional_headers, closes);
}

/// Headers by which the client knows where a response ends, and that there may be another.
bool is_framing(std::string_view name) noexcept {
  return ascii_iequals(name, "Content-Length") || ascii_iequals(name, "Transfer-Encoding") ||
         ascii_iequals(name, "Connection");
}

/// Whether uWSGI's options take such a header away (del-header, pull-header), or add one.
bool uwsgi_changes_framing(const wsgi_request& request) {
  for (const auto* removed = uwsgi.remove_headers; removed != nullptr; removed = removed->next) {
    if (is_framing({removed->value, removed->len})) return true;
  }
  // What comes behind the name there is the variable's.
  for (const auto* pulled = uwsgi.pull_headers; pulled != nullptr; pulled = pulled->next) {
    if (is_framing({pulled->value, static_cast<std::size_t>(pulled->custom)})) return true;
  }
  const auto frames = [](std::string_view name, std::string_view) {
    return !ascii_iequals(name, "Connection") && is_framing(name);
  };
  return any_header(uwsgi.additional_headers, frames) ||
         any_header(request.additional_headers, frames);
}

/// A thread of uWSGI's that sends a file closes the connection behind it.
bool goes_to_a_thread(const Response& response) noexcept {
  return uwsgi.offload_threads > 0 && response.file_body() != nullptr;
}

/// Whether the worker goes on, as far as this connection has to do with it.
bool is_welcome(const wsgi_request& request, const Arrival& arrival) noexcept {
  const std::size_t limit = options().keep_alive_requests;
  if (limit > 0 && arrival.served + 1 >= limit) return false;
  return PendingConnections::current()->keeps() || request.proto_parser_remains > 0;
}

/// Whether the next request's client will be known. A proxy tells of it before the first one, or
/// leaves it to the next.
bool knows_client(const Arrival& arrival) noexcept {
  return uwsgi.enable_proxy_protocol == 0 || arrival.proxy_line != nullptr;
}

/// What is around an app may have changed a response that was ready.
bool ends_as_it_says(const Response& response, bool head_only) {
  if (response.headers().contains("Transfer-Encoding")) return false;
  const std::uint64_t length = response.content_length();
  const int status = response.status_code();
  if (status == 204 || status == 304) return head_only || length == 0;
  const auto told = response.headers().get("Content-Length");
  return told && (head_only || *told == std::to_string(length));
}

/// Whether the client can tell where the response ends, and we where its next request begins.
bool is_framed(const wsgi_request& request, const UwsgiEnviron& environ, const Response& response,
               bool head_only) {
  if (environ.has_unread_body() || environ.has_lost_input()) return false;
  // These change the response behind our back.
  if (request.transformations != nullptr || request.remove_headers != nullptr) return false;
  if (uwsgi_changes_framing(request) || goes_to_a_thread(response)) return false;
  return ends_as_it_says(response, head_only);
}

}  // namespace

Persistence persistence_of(const wsgi_request& request, const UwsgiEnviron& environ,
                           const Response& response, bool head_only) {
  if (!may_be_unfinished(*request.socket)) return {};
  const std::string_view version = environ.get("SERVER_PROTOCOL");
  const bool is_old = version == "HTTP/1.0";
  const std::string_view close = is_old ? "" : "close";
  if (!client_wants_more(version, environ.get("HTTP_CONNECTION"))) {
    return {.keep = false, .surprises = false, .connection = close};
  }
  if (app_closes(response) || uwsgi_closes(request)) {
    return {.keep = false, .surprises = true, .connection = {}};
  }
  const Arrival& arrival = current_request_fiber().arrival();
  const bool keep = options().keep_alive > 0 && knows_client(arrival) &&
                    is_welcome(request, arrival) &&
                    is_framed(request, environ, response, head_only);
  if (!keep) return {.keep = false, .surprises = true, .connection = close};
  return {.keep = true, .surprises = false, .connection = is_old ? "keep-alive" : ""};
}

}  // namespace aiopyr::plugin
