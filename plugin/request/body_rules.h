#pragma once

#include <cstddef>

#include <aiopyr/plugin/server/uwsgi_api.h>

/// What is to be done about a request's body before the request is served. Each looks at a core in
/// which a head is whole, on the loop's thread; `is_counted` is ClientOrigin::counts_input().
namespace aiopyr::plugin {

/// The largest body that an app will read: aiopyr-max-body, or uWSGI's `limit-post` where that is
/// less.
std::size_t most_body() noexcept;

/// What a proxy's variables say of a body that follows them on the connection.
struct ProxiedBody {
  std::size_t length = 0;
  bool is_chunked = false;
};

/// None where it is in a file (UWSGI_POSTFILE), and where the packet is for other plugins of uWSGI:
/// that may be anything. Read as uWSGI will read it: what follows a length's digits is ignored.
ProxiedBody proxied_body(const wsgi_request& core) noexcept;

/// How many bytes of the body of a request whose head is whole are worth waiting for before it is
/// served: none where they are there, where the client waits to be invited, where the body is
/// chunked or larger than the app will read, or where the socket cannot count them.
std::size_t missing_body(const wsgi_request& core, bool is_counted) noexcept;

/// Whether such a body that the socket cannot count is worth reading ahead: in chunks, or not all
/// there yet, and as long as memory for it is left (aiopyr-write-buffer).
bool is_body_to_read_ahead(const wsgi_request& core, bool is_chunked, bool is_counted) noexcept;

/// Whether the client has more of a body to send, as far as can be told, that a view will read: not
/// one beyond most_body().
bool has_body_to_come(const wsgi_request& core, bool is_chunked, bool is_counted) noexcept;

}  // namespace aiopyr::plugin
