#pragma once

#include <utility>

#include <aiopyr/runtime/async/transport.h>

struct ssl_st;

namespace aiopyr::plugin {

/// A TLS stream taken over from uWSGI's https-socket. Owns the session and the descriptor.
class TlsTransport final : public Transport {
 public:
  TlsTransport(ssl_st* session, int fd) noexcept;
  ~TlsTransport() override;
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;

  Result read(std::span<std::byte> buffer) noexcept override;
  Result write(std::span<const iovec> buffers) noexcept override;
  [[nodiscard]] bool has_buffered_input() const noexcept override;
  void shutdown_write() noexcept override;
  [[nodiscard]] int fd() const noexcept override { return fd_; }

  /// Gives session and descriptor away: nothing else makes sense afterwards.
  ssl_st* release() noexcept {
    fd_ = -1;
    return std::exchange(session_, nullptr);
  }

 private:
  Result result_of(int returned) noexcept;

  ssl_st* session_;
  int fd_;
};

}  // namespace aiopyr::plugin
