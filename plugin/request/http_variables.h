#pragma once

struct wsgi_request;

namespace aiopyr {
struct HttpHead;
}

namespace aiopyr::plugin {

struct ProxiedEnds;

/// Writes a request's CGI variables into uWSGI's packet, the same ones as uWSGI's HTTP parser:
/// repeated headers are joined with `, ` (Cookie with `; `, since a comma would break it). The ends
/// of the connection that a proxy has named override the real ones. Returns false if they do not
/// fit into its buffer-size. Any context.
[[nodiscard]] bool write_variables(wsgi_request& request, const HttpHead& head,
                                   const ProxiedEnds& proxied) noexcept;

}  // namespace aiopyr::plugin
