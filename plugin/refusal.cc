#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <utility>

#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/orderly_close.h>
#include <aiopyr/plugin/refusal.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/socket_transport.h>
#include <aiopyr/runtime/async/spawn.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/http_head.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// More of them are closed at once: they hold descriptors.
constexpr int kMaxLingering = 100;
int lingering = 0;

/// Counts while it lives.
struct Lingering {
  Lingering() noexcept { ++lingering; }
  ~Lingering() { --lingering; }
  Lingering(const Lingering&) = delete;
  Lingering& operator=(const Lingering&) = delete;
};

Task<> close_gently(std::unique_ptr<Transport> transport) {
  const Lingering counted;
  co_await close_in_order(std::move(transport));
}

/// So that the client gets to see the answer.
void keep_until_read(wsgi_request& request) {
  if (request.ssl != nullptr || lingering >= kMaxLingering) return;
  request.fd_closed = 1;
  spawn(close_gently(std::make_unique<SocketTransport>(request.fd)));
}

Response answer_to(HeadError error) {
  const std::string why(describe(error));
  switch (status_of(error)) {
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
void log_refusal(const wsgi_request& request, const HeadVerdict& verdict) {
  static TimePoint next{};
  static unsigned long silent = 0;
  const TimePoint now = Loop::current()->now();
  if (now < next) {
    ++silent;
    return;
  }
  next = now + std::chrono::seconds(1);
  std::string line =
      "refused a request from " + peer_of(request) + ": " + std::string(describe(verdict.error));
  if (!verdict.line.empty()) line += " Its line: " + printable(verdict.line);
  if (silent > 0) line += " (and " + std::to_string(silent) + " more before)";
  silent = 0;
  log_line(line);
}

}  // namespace

int refuse(wsgi_request& request, const HeadVerdict& verdict) noexcept {
  try {
    log_refusal(request, verdict);
    send_bare_response(request, answer_to(verdict.error));
    keep_until_read(request);
  } catch (...) {
    log_line("a request was refused without an answer: " + describe(std::current_exception()));
  }
  return -1;
}

}  // namespace aiopyr::plugin
