#pragma once

#include <aiopyr/runtime/web/http/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Writes to_http(response) to a request's client, without waiting, and records that it is
/// answered. Does nothing if the socket frames its responses (FastCGI, SCGI). Bytes that the
/// socket's buffer does not take are dropped. In any context of the loop's thread, while nothing
/// else writes.
void send_bare_response(wsgi_request& request, Response response, bool head_only = false);

}  // namespace aiopyr::plugin
