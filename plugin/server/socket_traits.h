#pragma once

#include <string_view>

struct uwsgi_socket;

namespace aiopyr::plugin {

/// What the protocol of a listening socket means to us.
struct SocketTraits {
  /// `http`, `https`, `uwsgi`, `fastcgi`, ... uWSGI gives no name to a socket that speaks its own
  /// protocol; here it has one.
  std::string_view protocol;
  /// Clients speak HTTP to it themselves, fast or slow: heads are read by our strict parser, a
  /// request may wait outside of a core before its head is whole, and its connection may be kept.
  bool is_http = false;
  bool is_tls = false;
  /// A request whose head is whole may wait for its body outside of a core. uWSGI's HTTP router
  /// passes bodies on as they come, and so does nginx if it is told to.
  bool awaits_bodies = false;
  /// HTTP that is written to a connection reaches the client as it is.
  bool passes_http = false;
  /// The same without a core, so that an answer can be given before a request is served. A TLS
  /// session begins in a core.
  bool takes_plain_answers = false;
  /// Its bytes are the client's own once a request's head is read, so a connection can be taken
  /// over behind a 101: else there is a protocol around them that only uWSGI knows how to end.
  bool can_be_taken = false;
};

/// Returns the traits of `socket` (listener.h).
[[nodiscard]] const SocketTraits& traits_of(uwsgi_socket& socket) noexcept;

/// Returns what a protocol of that name means. `protocol` has to outlive the traits.
[[nodiscard]] SocketTraits traits_of_protocol(std::string_view protocol) noexcept;

}  // namespace aiopyr::plugin
