#pragma once

struct uwsgi_socket;

namespace aiopyr::plugin {

/// Gives other requests their turns while uWSGI itself reads a body, as with `post-buffering`: it
/// waits only if no bytes have come, so a client that sends as fast as uWSGI reads would keep the
/// loop for itself. For sockets without TLS: bytes in the buffers of TLS would not be waited for.
void read_bodies_in_turns(uwsgi_socket& socket) noexcept;

/// Notes that a request has waited, and others have had their turn.
void note_wait() noexcept;

/// Raises a small `post-buffering`: uWSGI reads that many bytes at a time, each with a system call.
/// Called before uWSGI makes its buffers, which are as large in any case.
void raise_post_buffering();

}  // namespace aiopyr::plugin
