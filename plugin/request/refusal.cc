#include <chrono>
#include <string>

#include <openssl/ssl.h>

#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/request/bare_answer.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/peer_address.h>
#include <aiopyr/plugin/request/refusal.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// Makes the connection end so that the client can read the answer.
void close_connection(wsgi_request& request) {
  ServedRequest& served = served_request_of(request);
  take_stream_back(*served.connection(), request);
  served.end_with(ending::Refused{});
}

std::string peer_of(const wsgi_request& request) {
  std::string address = peer_address(request);
  return address.empty() ? "a Unix socket" : address;
}

bool is_for_head(const wsgi_request& request) noexcept {
  return is_head_request(
      {static_cast<const char*>(request.proto_parser_buf), request.proto_parser_pos});
}

}  // namespace

void log_refusal(const wsgi_request& request, std::string_view why, std::string_view what) {
  static TimePoint next{};
  static unsigned long silent = 0;
  const TimePoint now = Loop::current()->now();
  if (now < next) {
    ++silent;
    return;
  }
  next = now + std::chrono::seconds(1);
  std::string line = "refused a request from " + peer_of(request) + ": " + std::string(why);
  if (!what.empty()) line += " Its line: " + printable(what);
  if (silent > 0) line += " (and " + std::to_string(silent) + " more before)";
  silent = 0;
  log_line(line);
}

Response answer_to(HeadError error) {
  const std::string why(describe(error));
  switch (status_of(error)) {
    case 414:
      return HTTPRequestURITooLong(why);
    case 431:
      return HTTPRequestHeaderFieldsTooLarge(why);
    case 501:
      return HTTPNotImplemented(why);
    case 505:
      return HTTPVersionNotSupported(why);
    default:
      return HTTPBadRequest(why);
  }
}

int refuse(wsgi_request& request, const HeadVerdict& verdict) noexcept {
  try {
    log_refusal(request, describe(verdict.error), verdict.line);
    send_bare_response(request, answer_to(verdict.error), is_for_head(request));
    close_connection(request);
  } catch (...) {
    log_line("a request was refused without an answer: " + describe(std::current_exception()));
  }
  return -1;
}

int refuse(wsgi_request& request, std::string_view why, std::string_view line) noexcept {
  try {
    log_refusal(request, why, line);
    if (request.ssl != nullptr && SSL_in_before(request.ssl) == 1) return -1;
    send_bare_response(request, HTTPBadRequest(std::string(why)), is_for_head(request));
    close_connection(request);
  } catch (...) {
    log_line("a request was refused without an answer: " + describe(std::current_exception()));
  }
  return -1;
}

}  // namespace aiopyr::plugin
