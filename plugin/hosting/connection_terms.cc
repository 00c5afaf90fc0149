#include <aiopyr/plugin/hosting/connection_terms.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/transformations.h>
#include <aiopyr/plugin/request/uwsgi_environ.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_config.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>

namespace aiopyr::plugin {

namespace {

/// Returns whether f(name, value) is true for a header in a list such as add-header's.
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

/// Returns whether the operator makes uWSGI close the connection, with add-header or in a route.
bool uwsgi_closes(const wsgi_request& request) {
  const auto closes = [](std::string_view name, std::string_view value) {
    return ascii_iequals(name, "Connection") && header_list_contains(value, "close");
  };
  return any_header(uwsgi.additional_headers, closes) ||
         any_header(request.additional_headers, closes);
}

/// Returns whether the client learns from this header where a response ends, or that another may
/// follow.
bool is_framing(std::string_view name) noexcept {
  return ascii_iequals(name, "Content-Length") || ascii_iequals(name, "Transfer-Encoding") ||
         ascii_iequals(name, "Connection");
}

/// Returns whether uWSGI's options remove such a header (del-header, pull-header), or add one.
bool uwsgi_changes_framing(const wsgi_request& request) {
  for (const auto* removed = uwsgi.remove_headers; removed != nullptr; removed = removed->next) {
    if (is_framing({removed->value, removed->len})) return true;
  }
  // The text after the name is that of the variable.
  for (const auto* pulled = uwsgi.pull_headers; pulled != nullptr; pulled = pulled->next) {
    if (is_framing({pulled->value, static_cast<std::size_t>(pulled->custom)})) return true;
  }
  const auto frames = [](std::string_view name, std::string_view) {
    return !ascii_iequals(name, "Connection") && is_framing(name);
  };
  return any_header(uwsgi.additional_headers, frames) ||
         any_header(request.additional_headers, frames);
}

/// Returns whether a thread of uWSGI's sends the body, and then closes the connection.
bool goes_to_a_thread(const Response& response) noexcept {
  return uwsgi.offload_threads > 0 && response.file_body() != nullptr;
}

/// Returns whether this worker would serve another request of the connection.
bool is_welcome(const ServedRequest& served) noexcept {
  const std::size_t limit = options().keep_alive_requests;
  if (limit > 0 && served.connection()->arrival().served + 1 >= limit) return false;
  return served.connections.keeps() || served.request.proto_parser_remains > 0;
}

/// Returns whether the next request's client will be known: a proxy names it before the first
/// request, or not at all.
bool knows_client(const Arrival& arrival) noexcept {
  return uwsgi.enable_proxy_protocol == 0 || arrival.proxy_header != nullptr;
}

/// Returns whether the request was read to its end, and uWSGI does not change the response after
/// its head.
bool is_intact(const wsgi_request& request, const UwsgiEnviron& environ, const Response& response) {
  if (environ.has_unread_body() || environ.has_lost_input()) return false;
  if (are_bodies_transformed(request) || request.remove_headers != nullptr) return false;
  return !uwsgi_changes_framing(request) && !goes_to_a_thread(response);
}

}  // namespace

ConnectionTerms terms_of(const wsgi_request& request, const UwsgiEnviron& environ,
                         const Response& response) {
  const ServedRequest& served = current_request();
  return {.version = environ.get("SERVER_PROTOCOL"),
          .connection = environ.get("HTTP_CONNECTION"),
          .asks_for_upgrade = !environ.get("HTTP_UPGRADE").empty(),
          .server_closes = uwsgi_closes(request),
          .may_go_on = options().keep_alive > 0 && knows_client(served.connection()->arrival()) &&
                       is_welcome(served),
          .is_intact = is_intact(request, environ, response)};
}

bool is_behind_closing_router(const wsgi_request& request) {
  return traits_of(*request.socket).protocol == "uwsgi" && router_closes_connections();
}

}  // namespace aiopyr::plugin
