#pragma once

#include <aiopyr/plugin/server/socket_traits.h>

struct uwsgi_socket;

namespace aiopyr::plugin {

/// The data of a listening socket that its connections need. Lives as long as the process.
struct Listener {
  int fd = -1;
  SocketTraits traits{};
  /// uWSGI's socket; null in tests.
  uwsgi_socket* socket = nullptr;
};

/// Returns the listener of uWSGI's `socket`, made once for each socket. For sockets that uWSGI has
/// bound; on the thread that uses them.
[[nodiscard]] const Listener& listener_of(uwsgi_socket& socket) noexcept;

}  // namespace aiopyr::plugin
