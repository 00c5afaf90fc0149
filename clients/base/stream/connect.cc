#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/clients/base/stream/connect.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::clients {

namespace {

void set_number(int fd, int level, int option, int value) noexcept {
  // A socket without the option works too, so a failure is no reason to give up.
  static_cast<void>(::setsockopt(fd, level, option, &value, sizeof value));
}

void set_tcp_options(int fd) noexcept {
  set_number(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_number(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, 15);
  set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

std::string reason(int error) {
  if (error == EAGAIN) return "the server's queue of connections is full";
  return std::strerror(error);
}

/// Returns the error with which a connect() ended that has gone on in the background; 0 for none.
int error_of(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

/// One address: the stream, or why there is none.
struct Attempt {
  std::unique_ptr<Transport> stream;
  std::string problem;
  bool is_late = false;
};

Task<Attempt> try_address(Address address, Duration timeout) {
  Attempt attempt;
  const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    attempt.problem = reason(errno);
    co_return attempt;
  }
  auto stream = std::make_unique<SocketTransport>(fd);
  if (address.family() != AF_UNIX) set_tcp_options(fd);
  int error = ::connect(fd, address.get(), address.length) == 0 ? 0 : errno;
  if (error == EINPROGRESS || error == EINTR) {
    auto writable = wait_for_fd(fd, FdEvents::kWrite, timeout);
    try {
      co_await std::move(writable);
    } catch (const TimeoutError&) {
      attempt.is_late = true;
    }
    error = attempt.is_late ? ETIMEDOUT : error_of(fd);
  }
  if (error == 0) {
    attempt.stream = std::move(stream);
  } else {
    attempt.problem = reason(error);
  }
  co_return attempt;
}

}  // namespace

Task<std::unique_ptr<Transport>> connect_stream(std::vector<Address> addresses, Seconds timeout) {
  Loop& loop = Loop::require("connect_stream");
  const TimePoint end = loop.now() + timeout.duration();
  std::string problem = "there is no address to connect to";
  bool is_late = false;
  for (std::size_t at = 0; at < addresses.size(); ++at) {
    const Duration left = end - loop.now();
    const Duration share = left / static_cast<Duration::rep>(addresses.size() - at);
    auto trying = try_address(addresses[at], share);
    Attempt attempt = co_await std::move(trying);
    if (attempt.stream) co_return std::move(attempt.stream);
    problem = addresses[at].host() + ": " + attempt.problem;
    is_late = attempt.is_late;
  }
  if (is_late) throw TimeoutError(problem);
  throw Error(problem);
}

}  // namespace aiopyr::clients
