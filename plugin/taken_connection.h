#pragma once

#include <memory>

#include <aiopyr/runtime/async/transport.h>

struct wsgi_request;
struct uwsgi_socket;

namespace aiopyr::plugin {

/// Whether a socket's bytes are the client's own once a request's head is read: else there is a
/// protocol around them that only uWSGI knows how to end.
[[nodiscard]] bool can_be_taken(const uwsgi_socket& socket) noexcept;

/// The connection of a request, which is not uWSGI's to close from here on. Requires:
/// can_be_taken().
[[nodiscard]] std::unique_ptr<Transport> take_connection(wsgi_request& request);

/// Has a connection closed in order (close_in_order()) once the request that is being served has
/// given its core back. On the request's fiber.
void close_after_request(std::unique_ptr<Transport> connection);

}  // namespace aiopyr::plugin
