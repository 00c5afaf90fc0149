#pragma once

#include <string>

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr::plugin {

/// Returns a 503, for lack of room at the moment: asks the client to try again.
[[nodiscard]] Response busy();

/// Returns a whole response in HTTP/1.1, after which the connection is closed: for answers without
/// an app, a fiber, or even a core of uWSGI's. Its body must be in memory; the page of an
/// HttpException is made as text. For HEAD without the body.
[[nodiscard]] std::string to_http(Response response, bool head_only = false);

}  // namespace aiopyr::plugin
