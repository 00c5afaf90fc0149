#pragma once

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/registry/tweens.h>

namespace aiopyr {

class Environ;
class Request;

/// What every server of an app does with its responses: the plugin, `aiopyr-request` and the test
/// client.
namespace detail {

/// Makes a response ready to leave for a request: headers complete, an HTTP exception's page
/// written, the request's id among the headers where it has one, no body for HEAD, whose headers
/// stay those of GET (RFC 9110 section 9.3.2). Not twice for HEAD: the length would be that of no
/// body.
void make_ready(Response& response, Request& request);
/// The same for an answer to what has no Request, such as one for no app.
void make_ready(Response& response, const Environ& environ);

/// Calls an app's handler as a server has to, on the request's fiber, and returns what is ready to
/// leave. The router's own responses are; one that was made around the router may not be, and a
/// std::exception from there is answered and logged as the router does it.
///
/// Throws what has no answer: ClientDisconnected, and what is no std::exception, such as
/// CancelledError.
[[nodiscard]] Response ask_app(const Handler& app, Request& request);

}  // namespace detail
}  // namespace aiopyr
