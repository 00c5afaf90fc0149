#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/refusal.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/async/fd_wait.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/spawn.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/async/wait_for.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/http_head.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

constexpr Duration kRefusalLinger = std::chrono::seconds(2);
constexpr std::size_t kRefusalLingerBytes = std::size_t{1024} * 1024;
/// More of them are closed at once: they hold descriptors.
constexpr int kMaxLingering = 100;
int lingering = 0;

/// A descriptor that counts while it is open.
class Lingering {
 public:
  explicit Lingering(int fd) noexcept : fd_(fd) { ++lingering; }
  ~Lingering() {
    --lingering;
    ::close(fd_);
  }
  Lingering(const Lingering&) = delete;
  Lingering& operator=(const Lingering&) = delete;

 private:
  int fd_;
};

Task<> read_away(int fd) {
  std::array<std::byte, 4096> sink;
  for (std::size_t read = 0; read < kRefusalLingerBytes;) {
    const ssize_t count = ::recv(fd, sink.data(), sink.size(), MSG_DONTWAIT);
    if (count == 0) co_return;
    if (count > 0) {
      read += static_cast<std::size_t>(count);
    } else {
      if (errno != EAGAIN && errno != EINTR) co_return;
      co_await wait_readable(fd);
    }
  }
}

Task<> close_gently(int fd) {
  const Lingering open(fd);
  try {
    co_await wait_for(read_away(fd), kRefusalLinger);
  } catch (const TimeoutError&) {
    co_return;
  }
}

/// Closing a socket with unread input resets it, and the answer may be lost with that (RFC 9112
/// section 9.6).
void keep_until_read(wsgi_request& request) {
  if (request.ssl != nullptr || lingering >= kMaxLingering) return;
  spawn(close_gently(request.fd));
  request.fd_closed = 1;
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
