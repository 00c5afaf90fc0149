#pragma once

/// The sockets of a server, for all floors: in one thread, errors as std::system_error.
namespace server {

/// Returns what a system call has returned. Throws if it has failed; `what` names it.
int checked(int result, const char* what);

/// Returns a socket that listens on 127.0.0.1 and does not block.
[[nodiscard]] int listen_on(int port);

/// Accepts a connection, which has TCP_NODELAY and does not block; -1 if none waits.
[[nodiscard]] int accept_from(int listener);

}  // namespace server
