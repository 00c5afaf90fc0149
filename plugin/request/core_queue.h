#pragma once

#include <cstddef>

struct wsgi_request;
struct uwsgi_socket;

namespace aiopyr::plugin {

/// uWSGI's queue of free cores. A core is taken for a connection and given back exactly once.
class CoreQueue {
 public:
  /// Returns a free core set up for a connection of `socket`; null if all are taken.
  static wsgi_request* take(uwsgi_socket& socket) noexcept;

  /// Gives a core back. Requires: it was taken, and its request is closed or never began.
  static void give_back(wsgi_request& core) noexcept;

  [[nodiscard]] static bool empty() noexcept;
  /// Returns how many cores are taken.
  [[nodiscard]] static std::size_t busy() noexcept;
};

}  // namespace aiopyr::plugin
