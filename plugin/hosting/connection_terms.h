#pragma once

#include <aiopyr/plugin/response/persistence.h>
#include <aiopyr/runtime/web/http/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

class UwsgiEnviron;

/// Returns the terms of uWSGI, its options and routes, and of this worker for the connection of a
/// request whose response is about to be sent. Requires: response routes have been applied. On the
/// request's fiber.
[[nodiscard]] ConnectionTerms terms_of(const wsgi_request& request, const UwsgiEnviron& environ,
                                       const Response& response);

/// Returns whether the client gets the head unchanged from a router of uWSGI's that closes the
/// connection without announcing it. Web servers announce it themselves.
[[nodiscard]] bool is_behind_closing_router(const wsgi_request& request);

}  // namespace aiopyr::plugin
