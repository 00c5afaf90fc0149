#pragma once

struct wsgi_request;

namespace aiopyr::plugin {

/// The hook of uWSGI's plugin table for a request, on its fiber: finds the app that is mounted
/// there, asks it, and sends what it answers. Lets no exception out.
int serve_request(wsgi_request* request) noexcept;

}  // namespace aiopyr::plugin
