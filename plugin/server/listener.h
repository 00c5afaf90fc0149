#pragma once

#include <aiopyr/plugin/server/socket_traits.h>

struct uwsgi_socket;

namespace aiopyr::plugin {

/// A listening socket, as far as its connections have to know it. Lives as long as the process.
struct Listener {
  int fd = -1;
  SocketTraits traits{};
  /// uWSGI's own; null in tests.
  uwsgi_socket* socket = nullptr;
};

/// Returns the listener of uWSGI's `socket`, which is worked out once for each socket. For sockets
/// that uWSGI has bound; on the thread that uses them.
[[nodiscard]] const Listener& listener_of(uwsgi_socket& socket) noexcept;

}  // namespace aiopyr::plugin
