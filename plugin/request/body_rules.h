#pragma once

#include <cstddef>

#include <aiopyr/plugin/server/uwsgi_api.h>

/// Rules about a request's body before the request is served. Each function looks at a core with a
/// complete head, on the loop's thread; `is_counted` is ClientOrigin::counts_input().
namespace aiopyr::plugin {

/// Returns the largest body that an app will read: aiopyr-max-body, or uWSGI's `limit-post` if that
/// is less.
std::size_t most_body() noexcept;

/// The description of a body in a proxy's variables; the body follows them on the connection.
struct ProxiedBody {
  std::size_t length = 0;
  bool is_chunked = false;
};

/// Returns that description; no body if it is in a file (UWSGI_POSTFILE), or if the packet is for
/// another plugin of uWSGI, which may use any format. Reads as uWSGI does: ignores what follows a
/// length's digits.
ProxiedBody proxied_body(const wsgi_request& core) noexcept;

/// Returns how many bytes of a request's body to wait for before it is served: 0 if they have
/// arrived, if the client waits to be invited, if the body is chunked or larger than the app will
/// read, or if the socket cannot count them.
std::size_t missing_body(const wsgi_request& core, bool is_counted) noexcept;

/// Returns whether to read ahead a body that the socket cannot count: in chunks, or incomplete, and
/// while there is memory for it (aiopyr-write-buffer).
bool is_body_to_read_ahead(const wsgi_request& core, bool is_chunked, bool is_counted) noexcept;

/// Returns whether the client has more of a body to send, as far as is known, that a view will
/// read: not beyond most_body().
bool has_body_to_come(const wsgi_request& core, bool is_chunked, bool is_counted) noexcept;

}  // namespace aiopyr::plugin
