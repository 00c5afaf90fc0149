#pragma once

struct wsgi_request;

/// uWSGI's transformations, by which routes change a body while it is written: `gzip`, `chunked`,
/// `template` and others. On the request's fiber.
namespace aiopyr::plugin {

/// Returns whether routes may add transformations once a response's status is known (error-route,
/// response-route).
[[nodiscard]] bool may_be_transformed_later() noexcept;

/// Returns whether the request has transformations. The length of a body that they change is
/// unknown: some keep it back until its end, and others add to it there.
[[nodiscard]] bool are_bodies_transformed(const wsgi_request& request) noexcept;

/// Makes the transformations end the body that was written. uWSGI does that when it closes a
/// request, but by then the connection may have another owner. Afterwards the request has none.
/// Returns false if the client could not be written to.
[[nodiscard]] bool end_transformed_body(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
