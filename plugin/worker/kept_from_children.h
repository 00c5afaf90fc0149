#pragma once

struct uwsgi_socket;

namespace aiopyr::plugin {

/// Keeps a listening socket, and every connection that is accepted from it, from the programs that
/// an app starts (close-on-exec): a child that outlives its request would keep the connection open
/// for the client, and the port from the next instance. uWSGI's `close-on-exec` marks a connection
/// after it was accepted, which is too late if another thread starts a program in between. Called
/// in a worker: the master passes its sockets on when it reloads.
void keep_from_children(uwsgi_socket& socket) noexcept;

/// Does the same for a descriptor that uWSGI has made for this worker.
void keep_from_children(int fd) noexcept;

}  // namespace aiopyr::plugin
