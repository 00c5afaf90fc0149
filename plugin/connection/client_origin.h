#pragma once

#include <sys/socket.h>

#include <aiopyr/plugin/server/listener.h>

namespace aiopyr::plugin {

/// Where a connection comes from: the socket that it was accepted on, and its client's address.
struct ClientOrigin {
  const Listener* listener = nullptr;
  sockaddr_storage address{};
  socklen_t address_length = 0;

  [[nodiscard]] const SocketTraits& traits() const noexcept { return listener->traits; }

  /// Returns whether the socket tells how much of what was sent is there, and can be asked to wait
  /// for more: a Unix socket does not go by SO_RCVLOWAT, and TLS hides how much there is.
  [[nodiscard]] bool counts_input() const noexcept {
    return !traits().is_tls && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
  }
};

}  // namespace aiopyr::plugin
