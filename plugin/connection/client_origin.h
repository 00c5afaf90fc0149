#pragma once

#include <sys/socket.h>

#include <aiopyr/plugin/server/listener.h>

namespace aiopyr::plugin {

/// The origin of a connection: the socket that accepted it, and its client's address.
struct ClientOrigin {
  const Listener* listener = nullptr;
  sockaddr_storage address{};
  socklen_t address_length = 0;

  [[nodiscard]] const SocketTraits& traits() const noexcept { return listener->traits; }

  /// Returns whether the socket can count its unread bytes, and can be asked to wait for more: a
  /// Unix socket ignores SO_RCVLOWAT, and TLS hides the number of bytes.
  [[nodiscard]] bool counts_input() const noexcept {
    return !traits().is_tls && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
  }
};

}  // namespace aiopyr::plugin
