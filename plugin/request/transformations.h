#pragma once

struct wsgi_request;

/// uWSGI's transformations, with which routes change what is written of a body: `gzip`, `chunked`,
/// `template` and the like. On the request's fiber.
namespace aiopyr::plugin {

/// Returns whether routes may add some once a response's status is known (error-route,
/// response-route).
[[nodiscard]] bool may_be_transformed_later() noexcept;

/// Returns whether there are some: how long a body will be that they change is not known, as some
/// of them keep it back until its end, and others add to it there.
[[nodiscard]] bool are_bodies_transformed(const wsgi_request& request) noexcept;

/// Has them end the body that was written, as uWSGI does when it closes a request: by then its
/// connection may be somebody else's. Afterwards there are none. Returns false where the client
/// could not be written to.
[[nodiscard]] bool end_transformed_body(wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
