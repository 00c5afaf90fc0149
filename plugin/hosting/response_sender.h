#pragma once

#include <aiopyr/runtime/web/http/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

class UwsgiEnviron;

/// Sends a prepared response through uWSGI, headers and body in one write if the socket allows it;
/// a file by sendfile. A 101 is passed to its upgrade handler after the core is free.
///
/// On the request's fiber; parks while the client is slow. `head_only` omits the body (HEAD).
/// Throws ClientDisconnected if the client is gone, CancelledError if the fiber is cancelled.
void send_response(wsgi_request& request, UwsgiEnviron& environ, Response response, bool head_only);

}  // namespace aiopyr::plugin
