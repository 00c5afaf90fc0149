#pragma once

#include <aiopyr/runtime/http1/http_head.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Has the variables of a request follow what proxies that are trusted (aiopyr-trusted-proxies)
/// tell of its client: REMOTE_ADDR, REMOTE_PORT, HTTPS, UWSGI_SCHEME, HTTP_HOST, SERVER_PORT. Does
/// nothing where it comes from anybody else. In a core whose variables are whole, and not parsed by
/// uWSGI yet: so its log, its routes and other plugins see the same.
///
/// On an HTTP socket it is who has connected that is to be trusted; where that one has told of
/// another by the PROXY protocol, both are, and nobody is where that one has no address. On other
/// sockets it is whom REMOTE_ADDR names: whoever connects there may set any variable, and is
/// trusted anyhow.
///
/// Returns kForwarded where what is to be believed makes no sense, kTooLarge where the variables do
/// not fit any more: then they are as they were. On the loop's thread, in any context.
[[nodiscard]] HeadError follow_trusted_proxies(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
