#pragma once

struct uwsgi_socket;
struct wsgi_request;

/// The Date of a response (RFC 9110 section 6.6.1). On the loop's thread.
namespace aiopyr::plugin {

/// Adds a Date to the heads that uWSGI ends by itself, such as those of static files, of routes
/// that answer and of other plugins. Requires: in the worker, before it accepts.
void date_heads(uwsgi_socket& socket) noexcept;

/// Returns whether the socket's protocol only adds a date to a head and ends it.
[[nodiscard]] bool only_dates_heads(const uwsgi_socket& socket) noexcept;

/// Returns whether `add-header` and routes add no Date to the response, and `del-header` and
/// `pull-header` remove none.
[[nodiscard]] bool leaves_date_to_us(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
