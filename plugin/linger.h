#pragma once

struct wsgi_request;

namespace aiopyr::plugin {

/// Lets the client read what was sent although it is still sending: closing a socket with unread
/// input resets it, and the answer may be lost with that (RFC 9112 section 9.6). Nothing can be
/// written afterwards.
///
/// On the request's fiber, which it parks for two seconds at most. Does nothing on TLS sockets.
void linger(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
