#pragma once

#include <string>

#include <aiopyr/runtime/web/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// 503, for what has no place at the moment: the client is asked to try again.
[[nodiscard]] Response busy();

/// A whole response as HTTP/1.1 sends it, after which the connection is closed: for answers that
/// are given without an app, a fiber, or even a core of uWSGI's. Its body must be in memory; one
/// that is to be made from an HttpException is made as text. For HEAD without the body.
[[nodiscard]] std::string to_http(Response response, bool head_only = false);

/// Writes to_http(response) to a request's client, without waiting, and notes that it is answered.
/// Not done where the socket frames its responses (FastCGI, SCGI). What the socket's buffer does
/// not take is dropped. In any context of the loop's thread, as long as nobody else writes.
void send_bare_response(wsgi_request& request, Response response, bool head_only = false);

}  // namespace aiopyr::plugin
