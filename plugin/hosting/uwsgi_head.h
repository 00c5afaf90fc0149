#pragma once

#include <string_view>

#include <aiopyr/runtime/web/http/response.h>

struct uwsgi_buffer;
struct wsgi_request;

namespace aiopyr::plugin {

/// Stores a response's status line and headers where uWSGI keeps them until they are sent, with a
/// Date if there is none; `connection` is the value of a Connection header, empty for none.
///
/// Applies everything that uWSGI would do to them: its options that remove, pull, collect and add
/// headers, and its error and response routes. If none of these is used, all are written in one go,
/// since uWSGI's own functions allocate several times for each.
///
/// Returns false if uWSGI refuses them, as when a response has begun. Throws Error for a header
/// that is longer than uWSGI can count.
[[nodiscard]] bool write_head(wsgi_request& request, const Response& response,
                              std::string_view connection);

/// Applies response routes, which may add headers and transformations. After write_head(), once.
/// Returns false if one of them has answered instead.
[[nodiscard]] bool route_response(wsgi_request& request);

/// Adds a field to a head; none where its value is empty.
[[nodiscard]] bool add_field(wsgi_request& request, std::string_view name, std::string_view value);

/// Returns whether finish_head() may end the head: the socket's protocol does nothing else to it.
[[nodiscard]] bool is_head_ours(const wsgi_request& request) noexcept;

/// Adds the fields of `add-header` and routes, and the end. Returns the head to be sent. Requires:
/// is_head_ours(), and once. Throws Error if it is longer than uWSGI allows.
[[nodiscard]] std::string_view finish_head(wsgi_request& request);

/// Takes the head's buffer away from the request, for give_back_head().
[[nodiscard]] uwsgi_buffer* take_head(wsgi_request& request) noexcept;

/// Keeps the head's buffer for the next response. Called when it was sent.
void release_head(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
