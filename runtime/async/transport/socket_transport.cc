#include <algorithm>
#include <cerrno>
#include <climits>
#include <sys/socket.h>
#include <unistd.h>

#include <aiopyr/runtime/async/transport/socket_transport.h>

namespace aiopyr {

namespace {

bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }

/// Sends the buffers, a single one by send(): that costs the kernel much less than a list of one.
ssize_t send_once(int fd, std::span<const iovec> buffers) noexcept {
  if (buffers.size() == 1) {
    return ::send(fd, buffers.front().iov_base, buffers.front().iov_len, MSG_NOSIGNAL);
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(buffers.data());
  message.msg_iovlen = std::min<std::size_t>(buffers.size(), IOV_MAX);
  return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

}  // namespace

void reset_at_close(int fd) noexcept {
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

SocketTransport::~SocketTransport() {
  if (fd_ >= 0) ::close(fd_);
}

Transport::Result SocketTransport::read(std::span<std::byte> buffer) noexcept {
  for (;;) {
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count > 0) return {Status::kOk, static_cast<std::size_t>(count), 0};
    if (count == 0) return {Status::kEndOfFile, 0, 0};
    if (would_block(errno)) return {Status::kWantRead, 0, 0};
    if (errno != EINTR) return {Status::kError, 0, errno};
  }
}

Transport::Result SocketTransport::write(std::span<const iovec> buffers) noexcept {
  for (;;) {
    const ssize_t count = send_once(fd_, buffers);
    if (count >= 0) return {Status::kOk, static_cast<std::size_t>(count), 0};
    if (would_block(errno)) return {Status::kWantWrite, 0, 0};
    if (errno != EINTR) return {Status::kError, 0, errno};
  }
}

void SocketTransport::shutdown_write() noexcept { ::shutdown(fd_, SHUT_WR); }

}  // namespace aiopyr
