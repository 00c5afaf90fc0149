#pragma once

#include <string>

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr::plugin {

/// 503, for what has no place at the moment: the client is asked to try again.
[[nodiscard]] Response busy();

/// A whole response as HTTP/1.1 sends it, after which the connection is closed: for answers that
/// are given without an app, a fiber, or even a core of uWSGI's. Its body must be in memory; one
/// that is to be made from an HttpException is made as text. For HEAD without the body.
[[nodiscard]] std::string to_http(Response response, bool head_only = false);

}  // namespace aiopyr::plugin
