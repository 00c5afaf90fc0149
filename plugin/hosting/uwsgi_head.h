#pragma once

#include <string_view>

#include <aiopyr/runtime/web/http/response.h>

struct uwsgi_buffer;
struct wsgi_request;

namespace aiopyr::plugin {

/// Puts a response's status line and headers where uWSGI keeps them until they are sent, with the
/// Date where there is none; `connection` is the value of a Connection header, empty for none.
///
/// What uWSGI would do to them is done: its options that remove, pull, collect and add headers, and
/// its error and response routes. Where none of them is in use they are written in one go, since
/// uWSGI's own functions allocate several times for each.
///
/// Returns false where uWSGI will not have it, as when a response has begun. Throws Error for a
/// header that is longer than uWSGI can count.
[[nodiscard]] bool write_head(wsgi_request& request, const Response& response,
                              std::string_view connection);

/// Applies response routes, which may add headers and transformations. Behind write_head(), once.
/// Returns false where one of them has answered instead.
[[nodiscard]] bool route_response(wsgi_request& request);

/// Adds a Connection header to a head; none where it is empty.
[[nodiscard]] bool add_connection(wsgi_request& request, std::string_view connection);

/// Returns whether finish_head() may end the head: the socket's protocol does nothing else to it.
[[nodiscard]] bool is_head_ours(const wsgi_request& request) noexcept;

/// Adds what `add-header` and routes have added, and the end. Returns the head as it is to be sent.
/// Requires: is_head_ours(), and once. Throws Error where it is longer than uWSGI allows.
[[nodiscard]] std::string_view finish_head(wsgi_request& request);

/// What the head lies in, which is the request's no longer: for give_back_head().
[[nodiscard]] uwsgi_buffer* take_head(wsgi_request& request) noexcept;

/// Keeps what the head lay in for the next response. When it was sent.
void release_head(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
