#pragma once

#include <aiopyr/runtime/web/http/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

class UwsgiEnviron;

/// Sends a prepared response through uWSGI, headers and body in one write where the socket can; a
/// file by sendfile. A 101 is handed over to its upgrade handler after the core is free.
///
/// On the request's fiber; parks while the client is slow. `head_only` keeps the body back (HEAD).
/// Throws ClientDisconnected where the client is gone, CancelledError where the fiber is cancelled.
void send_response(wsgi_request& request, UwsgiEnviron& environ, Response response, bool head_only);

}  // namespace aiopyr::plugin
