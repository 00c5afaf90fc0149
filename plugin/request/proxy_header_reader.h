#pragma once

struct wsgi_request;

/// What a proxy tells of its client, where uWSGI's `enable-proxy-protocol` is set: taken off in
/// front of a connection's first request, or of its TLS, and kept with the connection for all that
/// follow. A second header is the client's own, and no request. On the loop's thread, any context.
namespace aiopyr::plugin {

/// Whether there may be one that was not taken yet.
[[nodiscard]] bool awaits_proxy_header(const wsgi_request& request) noexcept;

/// Takes it off what was received. UWSGI_OK where that is done, or there is none; UWSGI_AGAIN where
/// more has to come; -1 where it is malformed, and refused.
[[nodiscard]] int take_proxy_header(wsgi_request& request) noexcept;

/// The same before TLS has begun, without a byte of that: nothing can be said there to a client
/// that is refused.
[[nodiscard]] int take_proxy_header_before_tls(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
