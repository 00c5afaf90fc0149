#pragma once

struct wsgi_request;

/// Reads a proxy's header about its client, if uWSGI's `enable-proxy-protocol` is set: it is taken
/// off before a connection's first request, or before its TLS, and kept with the connection for all
/// later requests. A second header comes from the client, and is not a request. On the loop's
/// thread, any context.
namespace aiopyr::plugin {

/// Returns whether there may be a header that was not taken yet.
[[nodiscard]] bool awaits_proxy_header(const wsgi_request& request) noexcept;

/// Takes it off the received bytes. Returns UWSGI_OK if that is done, or there is none; UWSGI_AGAIN
/// if more has to come; -1 if it is malformed, and refused.
[[nodiscard]] int take_proxy_header(wsgi_request& request) noexcept;

/// Takes it off before TLS has begun, without a byte of that. A refused client gets no answer
/// there.
[[nodiscard]] int take_proxy_header_before_tls(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
