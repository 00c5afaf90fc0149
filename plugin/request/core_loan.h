#pragma once

#include <memory>

#include <aiopyr/plugin/connection/client_connection.h>
#include <aiopyr/runtime/async/loop/timer.h>

struct uwsgi_socket;
struct wsgi_request;

namespace aiopyr::plugin {

/// Moves a connection and its request into a core of uWSGI's, and out of it. On the loop's thread.

/// Makes the connection that `core` has accepted, which stays lent to the core. Throws
/// std::bad_alloc, with the core unchanged.
[[nodiscard]] std::unique_ptr<ClientConnection> open_connection(const wsgi_request& core,
                                                                ClientConnections& all);

/// Accepts a connection without a core, and without reading from it. Returns null if none waits or
/// accept() fails; errno says why.
[[nodiscard]] std::unique_ptr<ClientConnection> accept_without_core(uwsgi_socket& socket,
                                                                    ClientConnections& all);

/// Lends a connection, with the received part of its request, to a core that was set up for its
/// socket.
void lend(ClientConnection& connection, wsgi_request& core) noexcept;

/// Takes the stream back: uWSGI does not close it from now on.
void take_stream_back(ClientConnection& connection, wsgi_request& core) noexcept;

/// Moves what uWSGI's own protocol has read of a body out of the core's buffer, where the variables
/// may grow then.
void take_remains_out(wsgi_request& core) noexcept;

/// Takes back the stream and a request that its client has not sent all of. The core is to be given
/// back after uwsgi_destroy_request. Throws std::bad_alloc, with the core as it was.
void take_unfinished(ClientConnection& connection, wsgi_request& core);

/// Takes the stream back after a request that was read to its end: the bytes received after it are
/// the beginning of the next, which has not begun before `now`.
void take_next(ClientConnection& connection, wsgi_request& core, TimePoint now) noexcept;

}  // namespace aiopyr::plugin
