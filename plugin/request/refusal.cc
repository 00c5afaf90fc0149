#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <netinet/in.h>
#include <string>

#include <openssl/ssl.h>

#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/request/bare_answer.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/refusal.h>
#include <aiopyr/plugin/request/request_fiber.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// Has the connection end so that the client gets to see the answer.
void close_connection(wsgi_request& request) {
  RequestFiber& fiber = request_fiber_of(request);
  take_stream_back(*fiber.connection(), request);
  fiber.end_with(ending::Refused{});
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

std::string peer_of(const wsgi_request& request) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto& address = request.client_addr;
  if (address.sin.sin_family == AF_INET) {
    inet_ntop(AF_INET, &address.sin.sin_addr, text.data(), text.size());
  } else if (address.sin.sin_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.sin6.sin6_addr, text.data(), text.size());
  } else {
    return "a Unix socket";
  }
  return text.data();
}

/// One line a second, and how many there were that had none.
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

}  // namespace

int refuse(wsgi_request& request, const HeadVerdict& verdict) noexcept {
  try {
    log_refusal(request, describe(verdict.error), verdict.line);
    send_bare_response(request, answer_to(verdict.error));
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
    send_bare_response(request, HTTPBadRequest(std::string(why)));
    close_connection(request);
  } catch (...) {
    log_line("a request was refused without an answer: " + describe(std::current_exception()));
  }
  return -1;
}

}  // namespace aiopyr::plugin
