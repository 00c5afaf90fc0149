#pragma once

struct uwsgi_socket;
struct wsgi_request;

namespace aiopyr::plugin {

/// Has what uWSGI itself writes to the connections of a socket leave behind the answers to requests
/// before that are still held for a batch (Answers::add()): files of `static-map`,
/// routes that answer, other plugins, native websockets, refusals, invitations. Requires: in the
/// worker, before it accepts.
void write_in_order(uwsgi_socket& socket) noexcept;

/// Sends the answers to requests before this one on its connection that are still held. A fiber
/// waits for the client, as long as for a single write; the root context does not. Returns false
/// where they could not be sent: nothing else can be.
[[nodiscard]] bool send_answers_before(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin
