#pragma once

#include <aiopyr/runtime/http1/http_head.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Changes the variables of a request to what trusted proxies (aiopyr-trusted-proxies) say of its
/// client: REMOTE_ADDR, REMOTE_PORT, HTTPS, UWSGI_SCHEME, REQUEST_SCHEME if it is there, HTTP_HOST,
/// SERVER_PORT. Does nothing if the request does not come from a trusted proxy. Called in a core
/// whose variables are complete and not yet parsed by uWSGI, so that its log, its routes and other
/// plugins see the changed ones.
///
/// On an HTTP socket, the peer that has connected has to be trusted. If it has named a client by
/// the PROXY protocol, both have to be; a client without an address never is. On other sockets, the
/// address in REMOTE_ADDR has to be trusted, or the peer if there is none: a peer that connects
/// there may set any variable, and is trusted in any case.
///
/// Returns kForwarded if headers that count make no sense, kTooLarge if the variables no longer
/// fit; then they are unchanged. On the loop's thread, in any context.
[[nodiscard]] HeadError follow_trusted_proxies(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
