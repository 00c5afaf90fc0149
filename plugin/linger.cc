#include <array>
#include <chrono>
#include <cstddef>
#include <sys/socket.h>

#include <aiopyr/plugin/linger.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/async/fiber_wait.h>
#include <aiopyr/runtime/async/loop.h>

namespace aiopyr::plugin {

namespace {

/// How long, and for how many bytes, we listen to a client that sends a body nobody wants.
constexpr Duration kLingerTime = std::chrono::seconds(2);
constexpr std::size_t kLingerBytes = std::size_t{8} * 1024 * 1024;

}  // namespace

void linger(wsgi_request& request) noexcept {
  if (request.ssl != nullptr) return;
  ::shutdown(request.fd, SHUT_WR);
  const Loop& loop = *Loop::current();
  const TimePoint deadline = loop.now() + kLingerTime;
  std::array<std::byte, 16384> sink;
  for (std::size_t read = 0; read < kLingerBytes;) {
    const ssize_t count = ::recv(request.fd, sink.data(), sink.size(), MSG_DONTWAIT);
    if (count == 0) return;
    if (count > 0) {
      read += static_cast<std::size_t>(count);
      continue;
    }
    const Duration left = deadline - loop.now();
    if (left <= Duration::zero()) return;
    if (wait_for_fd_on_fiber(request.fd, FdEvents::kRead, left) != FdWaitResult::kReady) return;
  }
}

}  // namespace aiopyr::plugin
