#pragma once

#include <aiopyr/runtime/http1/http_head.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Makes uWSGI parse a request's variables, which also reads a body that `post-buffering` keeps,
/// and answers for static files and the like. A second call does nothing.
///
/// Returns whether to serve the request; false if it is answered. Requests for which uWSGI would
/// close the connection without an answer are answered here: a body over `limit-post` (413), more
/// variables than `max-vars` (431), a body that could not be kept (500) or has not arrived in time
/// (408), and malformed variables (400). On the request's fiber.
[[nodiscard]] bool is_to_be_served(wsgi_request& request) noexcept;

/// Answers a request whose variables must not be used as they are, and logs why as refuse() does:
/// uWSGI never parses them, so its routes (also those for errors and at the end), static files,
/// caches and logs find no REMOTE_ADDR. Logs still tell its method, target and headers. On the
/// request's fiber.
void refuse_unparsed(wsgi_request& request, HeadError fault) noexcept;

}  // namespace aiopyr::plugin
