#pragma once

#include <utility>

#include <aiopyr/runtime/async/transport.h>

namespace aiopyr {

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

  /// Gives the descriptor away: nothing else makes sense afterwards.
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace aiopyr
