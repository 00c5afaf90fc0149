#pragma once

struct wsgi_request;

namespace aiopyr::plugin {

/// Serves a request on its fiber, as the hook of uWSGI's plugin table: finds the app at its
/// mountpoint, calls it, and sends its answer. No exception leaves it.
int serve_request(wsgi_request* request) noexcept;

}  // namespace aiopyr::plugin
