#pragma once

struct uwsgi_socket;

namespace aiopyr::plugin {

/// Lets the loop go on while uWSGI itself reads a body, as `post-buffering` has it do: it waits
/// only where nothing has come, and a client that sends as fast as it reads would have the loop for
/// itself. For sockets without TLS: what lies in its buffers would not be waited for.
void read_bodies_in_turns(uwsgi_socket& socket) noexcept;

/// Says that a request has waited, and others have had their turn.
void note_wait() noexcept;

/// Raises a `post-buffering` that is small: uWSGI reads as many bytes at a time, each with a system
/// call. Before uWSGI makes its buffers, which are as large in any case.
void raise_post_buffering();

}  // namespace aiopyr::plugin
