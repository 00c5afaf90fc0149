#pragma once

struct uwsgi_socket;
struct wsgi_request;

namespace aiopyr::plugin {

/// Makes uWSGI's own output to the connections of a socket leave after the answers to earlier
/// requests that are held for a batch (Answers::add()): files of `static-map`, routes that answer,
/// other plugins, native websockets, refusals, invitations. Requires: in the worker, before it
/// accepts.
void write_in_order(uwsgi_socket& socket) noexcept;

/// Sends the answers to earlier requests on its connection that are still held. A fiber waits for
/// the client, as long as for a single write; the root context does not. Returns false if they
/// could not be sent: then nothing else can be.
[[nodiscard]] bool send_answers_before(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
