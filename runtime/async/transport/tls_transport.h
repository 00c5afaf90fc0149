#pragma once

#include <utility>

#include <aiopyr/runtime/async/transport/transport.h>

struct ssl_st;

namespace aiopyr {

/// A TLS stream, ours or taken over from uWSGI's https-socket. Owns the session and the descriptor.
class TlsTransport final : public Transport {
 public:
  /// `is_lent`: uWSGI writes to the session for now.
  TlsTransport(ssl_st* session, int fd, bool is_lent = false) noexcept;
  ~TlsTransport() override;
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;

  Result read(std::span<std::byte> buffer) noexcept override;
  Result write(std::span<const iovec> buffers) noexcept override;
  [[nodiscard]] bool has_buffered_input() const noexcept override;
  void shutdown_write() noexcept override;
  [[nodiscard]] int fd() const noexcept override { return fd_; }

  void cut_off() noexcept override;
  void disown() noexcept override {
    fd_ = -1;
    session_ = nullptr;
  }

  /// Sets who writes to the session from now on: uWSGI, or its owner. uWSGI's functions take a
  /// partial write for a whole one; ours do not.
  void set_lent(bool is_lent) noexcept;

  /// Returns the session, which stays owned.
  [[nodiscard]] ssl_st* session() const noexcept { return session_; }

 private:
  Result result_of(int returned) noexcept;

  ssl_st* session_;
  int fd_;
  bool said_end_ = false;
};

}  // namespace aiopyr
