#pragma once

struct uwsgi_socket;
struct wsgi_request;

/// The Date of a response (RFC 9110 section 6.6.1). On the loop's thread.
namespace aiopyr::plugin {

/// Has the heads that uWSGI ends by itself, such as those of static files, of routes that answer
/// and of other plugins, say when that was. Requires: in the worker, before it accepts.
void date_heads(uwsgi_socket& socket) noexcept;

/// Whether the socket's protocol does nothing to a head but to date and to end it.
[[nodiscard]] bool only_dates_heads(const uwsgi_socket& socket) noexcept;

/// Whether neither `add-header` nor a route gives the response a Date of its own, nor `del-header`
/// or `pull-header` takes each away.
[[nodiscard]] bool leaves_date_to_us(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
