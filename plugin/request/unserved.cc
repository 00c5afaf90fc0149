#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/refusal.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/transformations.h>
#include <aiopyr/plugin/request/unserved.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/plugin/server/variable_packet.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// Returns whether uWSGI has answered: as for HEAD, a file's head may be sent only when the request
/// is closed.
bool is_answered(const wsgi_request& request) noexcept {
  return request.headers != nullptr || request.headers_sent != 0 || request.response_size > 0 ||
         request.write_errors > 0 || request.fd_closed != 0;
}

bool has_too_many_variables(const wsgi_request& request) noexcept {
  // Leaves some of uWSGI's vectors for other uses.
  return request.var_cnt + 4 + 2 >= uwsgi.vec_size;
}

/// Returns whether the file for a body could not be made or written.
bool has_lost_body(const wsgi_request& request) noexcept {
  if (request.post_file != nullptr) return std::ferror(request.post_file) != 0;
  return uwsgi.post_buffering > 0 && request.post_cl >= uwsgi.post_buffering;
}

/// Returns the answer to a request that uWSGI could not parse or receive; nullopt if its client has
/// gone.
std::optional<Response> answer_to(const wsgi_request& request) {
  if (uwsgi.limit_post > 0 && request.post_cl > uwsgi.limit_post) {
    return HTTPRequestEntityTooLarge("The request body is larger than " +
                                     std::to_string(uwsgi.limit_post) + " bytes.");
  }
  if (has_too_many_variables(request)) {
    return HTTPRequestHeaderFieldsTooLarge("The request has more headers than max-vars lets in.");
  }
  if (has_lost_body(request)) return HTTPInternalServerError();
  if (request.async_timed_out != 0) {
    return HTTPRequestTimeout("The request body did not arrive in time.");
  }
  if (uwsgi.post_buffering > 0 && request.post_cl > 0) return std::nullopt;
  return HTTPBadRequest("The request's variables make no sense.");
}

/// Makes uWSGI answer clients of HTTP/1.2 and later minor versions in HTTP/1.1: it would repeat the
/// request's version. HTTP/2 stays: a web server speaks it with its client, and logs show it.
void answer_in_known_version(wsgi_request& request) noexcept {
  static constexpr std::string_view kAnswered = "HTTP/1.1";
  const std::string_view version(request.protocol, request.protocol_len);
  if (!version.starts_with("HTTP/1.") || version == "HTTP/1.0") return;
  request.protocol = chars(kAnswered);
  request.protocol_len = static_cast<std::uint16_t>(kAnswered.size());
}

bool add(wsgi_request& request, std::string_view name, std::string_view value) noexcept {
  return uwsgi_response_add_header(&request, chars(name), static_cast<std::uint16_t>(name.size()),
                                   chars(value), static_cast<std::uint16_t>(value.size())) == 0;
}

/// Sends by uWSGI's own functions, for any protocol of the socket. The end of the request is
/// unknown, so the connection is closed.
void send(wsgi_request& request, Response response) {
  response.prepare("text/plain", "GET");
  // Leaves the length out: transformations may change it later.
  if (may_be_transformed_later()) response.headers().erase("Content-Length");
  const std::string status = response.status();
  if (uwsgi_response_prepare_headers(&request, chars(status),
                                     static_cast<std::uint16_t>(status.size())) != 0) {
    return;
  }
  for (const auto& [name, value] : response.headers()) {
    if (!add(request, name, value)) return;
  }
  const SocketTraits& traits = traits_of(*request.socket);
  if (traits.is_http && !add(request, "Connection", "close")) return;
  const bool head_only = std::string_view(request.method, request.method_len) == "HEAD";
  const std::string body = head_only ? std::string() : response.take_body();
  uwsgi_response_write_body_do(&request, chars(body), body.size());
  static_cast<void>(end_transformed_body(request));
  // Leaves the connection to uWSGI if that has something left to do.
  if (!traits.can_be_taken || request.headers_sent == 0 || request.write_errors > 0) return;
  if (request.fd_closed != 0) return;
  ServedRequest& served = served_request_of(request);
  take_stream_back(*served.connection(), request);
  served.end_with(ending::InOrder{});
}

/// Sets a field of a request to a variable in its packet.
void take_variable(const wsgi_request& request, std::string_view name, char*& text,
                   std::uint16_t& size) noexcept {
  const std::string_view value = packet_value({request.buffer, packet_size(request)}, name);
  text = chars(value);
  size = static_cast<std::uint16_t>(value.size());
}

/// Takes from the packet the variables that answers and logs need, as uWSGI's parser would, and
/// none that says who the client is.
void take_harmless_variables(wsgi_request& request) noexcept {
  request.parsed = 1;
  request.script_name_pos = request.path_info_pos = -1;
  take_variable(request, "REQUEST_METHOD", request.method, request.method_len);
  take_variable(request, "REQUEST_URI", request.uri, request.uri_len);
  take_variable(request, "SERVER_PROTOCOL", request.protocol, request.protocol_len);
  take_variable(request, "HTTP_HOST", request.host, request.host_len);
  take_variable(request, "HTTP_REFERER", request.referer, request.referer_len);
  take_variable(request, "HTTP_USER_AGENT", request.user_agent, request.user_agent_len);
}

void log_unanswered() noexcept {
  log_line("a request was refused without an answer: " + describe(std::current_exception()));
}

}  // namespace

bool is_to_be_served(wsgi_request& request) noexcept {
  request.async_timed_out = 0;
  const int status = uwsgi_parse_vars(&request);
  answer_in_known_version(request);
  if (status == 0) return true;
  if (is_answered(request)) return false;
  try {
    if (auto answer = answer_to(request)) send(request, std::move(*answer));
  } catch (...) {
    log_unanswered();
  }
  return false;
}

void refuse_unparsed(wsgi_request& request, HeadError fault) noexcept {
  // Counts and logs the request as one of ours: which plugin it is for would be decided later.
  request.uh->modifier1 = kModifier1;
  take_harmless_variables(request);
  try {
    log_refusal(request, describe(fault), {});
    send(request, answer_to(fault));
  } catch (...) {
    log_unanswered();
  }
}

}  // namespace aiopyr::plugin
