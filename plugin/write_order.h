#pragma once

struct uwsgi_socket;

namespace aiopyr::plugin {

/// Has what uWSGI itself writes to the connections of a socket leave behind the answers to requests
/// before that are still held for a batch (PendingConnection::answer()): files of `static-map`,
/// routes that answer, other plugins, native websockets, refusals, invitations. Requires: in the
/// worker, before it accepts.
void write_in_order(uwsgi_socket& socket) noexcept;

}  // namespace aiopyr::plugin
