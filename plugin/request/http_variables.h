#pragma once

struct wsgi_request;

namespace aiopyr {
struct HttpHead;
}

namespace aiopyr::plugin {

struct ProxiedEnds;

/// Writes a request's CGI variables into uWSGI's packet, the same ones as uWSGI's HTTP parser does:
/// repeated headers are joined with `, ` (Cookie, which would not survive that, with `; `). What a
/// proxy has told of the connection's ends counts more than they do. False where they do not fit
/// its buffer-size. Any context.
[[nodiscard]] bool write_variables(wsgi_request& request, const HttpHead& head,
                                   const ProxiedEnds& proxied) noexcept;

}  // namespace aiopyr::plugin
