#pragma once

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/registry/tweens.h>

namespace aiopyr {

class Environ;
class Request;

/// The common steps of all servers of an app with its responses: the plugin, `aiopyr-request` and
/// the test client.
namespace detail {

/// Makes a response ready to be sent for a request: completes the headers, writes an HTTP
/// exception's page, adds the request's id if it has one, and removes the body for HEAD, whose
/// headers stay those of GET (RFC 9110 section 9.3.2). Do not call it twice for HEAD: the length
/// would be that of the removed body.
void make_ready(Response& response, Request& request);
/// Does the same for an answer without a Request, such as one for no app.
void make_ready(Response& response, const Environ& environ);

/// Calls an app's handler as every server has to, on the request's fiber, and returns a response
/// that is ready to be sent. The router's own responses are ready; one made by code around the
/// router may not be, and a std::exception from there is answered and logged as the router does it.
///
/// Throws exceptions without an answer: ClientDisconnected, and types that are not a
/// std::exception, such as CancelledError.
[[nodiscard]] Response ask_app(const Handler& app, Request& request);

}  // namespace detail
}  // namespace aiopyr
