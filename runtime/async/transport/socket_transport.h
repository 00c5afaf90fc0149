#pragma once

#include <utility>

#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr {

/// Makes the kernel reset a TCP connection when it is closed, instead of sending on what its peer
/// has not read yet.
void reset_at_close(int fd) noexcept;

/// A plain stream socket, TCP or Unix. Owns the descriptor, which must be non-blocking.
class SocketTransport final : public Transport {
 public:
  explicit SocketTransport(int fd) noexcept : fd_(fd) {}
  ~SocketTransport() override;
  SocketTransport(const SocketTransport&) = delete;
  SocketTransport& operator=(const SocketTransport&) = delete;

  Result read(std::span<std::byte> buffer) noexcept override;
  Result write(std::span<const iovec> buffers) noexcept override;
  void shutdown_write() noexcept override;
  [[nodiscard]] int fd() const noexcept override { return fd_; }

  void cut_off() noexcept override { reset_at_close(fd_); }
  void disown() noexcept override { fd_ = -1; }
  /// Takes ownership of `fd`. Requires: it owns none.
  void adopt(int fd) noexcept { fd_ = fd; }

 private:
  int fd_;
};

}  // namespace aiopyr
