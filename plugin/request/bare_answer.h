#pragma once

#include <aiopyr/runtime/web/http/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Writes to_http(response) to a request's client, without waiting, and notes that it is answered.
/// Not done where the socket frames its responses (FastCGI, SCGI). What the socket's buffer does
/// not take is dropped. In any context of the loop's thread, as long as nobody else writes.
void send_bare_response(wsgi_request& request, Response response, bool head_only = false);

}  // namespace aiopyr::plugin
