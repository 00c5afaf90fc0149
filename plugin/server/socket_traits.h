#pragma once

#include <string_view>

struct uwsgi_socket;

namespace aiopyr::plugin {

/// The properties of a listening socket's protocol that matter to us.
struct SocketTraits {
  /// The protocol: `http`, `https`, `uwsgi`, `fastcgi`, ... uWSGI has no name for its own; here it
  /// has one.
  std::string_view protocol;
  /// Clients speak HTTP to it directly, fast or slow: our strict parser reads the heads, a request
  /// may wait outside of a core before its head is complete, and its connection may be kept.
  bool is_http = false;
  bool is_tls = false;
  /// A request with a complete head may wait for its body outside of a core. uWSGI's HTTP router
  /// passes bodies on as they arrive, and so does nginx if configured to.
  bool awaits_bodies = false;
  /// HTTP that is written to a connection reaches the client unchanged.
  bool passes_http = false;
  /// The same holds without a core, so that an answer can be given before a request is served. A
  /// TLS session begins in a core.
  bool takes_plain_answers = false;
  /// The bytes after a request's head are the client's own, so a connection can be taken over after
  /// a 101; otherwise there is a protocol around them that only uWSGI can end.
  bool can_be_taken = false;
};

/// Returns the traits of `socket` (listener.h).
[[nodiscard]] const SocketTraits& traits_of(uwsgi_socket& socket) noexcept;

/// Returns the traits of the protocol of that name. `protocol` has to outlive the traits.
[[nodiscard]] SocketTraits traits_of_protocol(std::string_view protocol) noexcept;

}  // namespace aiopyr::plugin
