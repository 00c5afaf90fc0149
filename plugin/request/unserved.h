#pragma once

struct wsgi_request;

namespace aiopyr::plugin {

/// Has uWSGI make sense of a request's variables, which also reads a body that `post-buffering`
/// keeps, and answers for static files and the like. Once more it does nothing.
///
/// Returns whether the request is to be served: false where it is answered. What uWSGI would refuse
/// by closing the connection without a word is answered here: a body over `limit-post` (413), more
/// variables than `max-vars` (431), a body that could not be kept (500) or has not come in time
/// (408), and variables that are none (400). On the request's fiber.
[[nodiscard]] bool is_to_be_served(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
