#include <algorithm>
#include <cerrno>
#include <climits>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/async/transport/tls_transport.h>

namespace aiopyr {

namespace {

int limited(std::size_t size) noexcept {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

TlsTransport::TlsTransport(ssl_st* session, int fd, bool is_lent) noexcept
    : session_(session), fd_(fd) {
  if (!is_lent) set_lent(false);
}

void TlsTransport::set_lent(bool is_lent) noexcept {
  // A write that had to wait is repeated with the output buffer as it is then.
  constexpr long kModes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
  if (is_lent) {
    SSL_clear_mode(session_, kModes);
  } else {
    SSL_set_mode(session_, kModes);
  }
}

/// Sends a closure alert if none was sent: without it the peer could not distinguish the end from
/// an attack (RFC 8446 section 6.1).
TlsTransport::~TlsTransport() {
  if (session_ == nullptr) return;
  ERR_clear_error();
  if (!said_end_ && SSL_is_init_finished(session_) != 0) SSL_shutdown(session_);
  SSL_free(session_);
  ERR_clear_error();
  if (fd_ >= 0) ::close(fd_);
}

Transport::Result TlsTransport::read(std::span<std::byte> buffer) noexcept {
  ERR_clear_error();
  errno = 0;
  return result_of(SSL_read(session_, buffer.data(), limited(buffer.size())));
}

Transport::Result TlsTransport::write(std::span<const iovec> buffers) noexcept {
  Result total;
  for (const iovec& buffer : buffers) {
    std::size_t done = 0;
    while (done < buffer.iov_len) {
      ERR_clear_error();
      errno = 0;
      const Result result =
          result_of(SSL_write(session_, static_cast<const std::byte*>(buffer.iov_base) + done,
                              limited(buffer.iov_len - done)));
      if (result.status != Status::kOk) return total.bytes > 0 ? total : result;
      done += result.bytes;
      total.bytes += result.bytes;
    }
  }
  return total;
}

bool TlsTransport::has_buffered_input() const noexcept { return SSL_pending(session_) > 0; }

void TlsTransport::cut_off() noexcept {
  said_end_ = true;
  reset_at_close(fd_);
}

void TlsTransport::shutdown_write() noexcept {
  ERR_clear_error();
  said_end_ = true;
  SSL_shutdown(session_);
  ::shutdown(fd_, SHUT_WR);
}

Transport::Result TlsTransport::result_of(int returned) noexcept {
  if (returned > 0) return {Status::kOk, static_cast<std::size_t>(returned), 0};
  switch (SSL_get_error(session_, returned)) {
    case SSL_ERROR_WANT_READ:
      return {Status::kWantRead, 0, 0};
    case SSL_ERROR_WANT_WRITE:
      return {Status::kWantWrite, 0, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Status::kEndOfFile, 0, 0};
    case SSL_ERROR_SYSCALL:
      // Without an errno the peer has closed the connection without a closure alert.
      if (errno == 0) return {Status::kEndOfFile, 0, 0};
      return {Status::kError, 0, errno};
    default:
      return {Status::kError, 0, 0};
  }
}

}  // namespace aiopyr
