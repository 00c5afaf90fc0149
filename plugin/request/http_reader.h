#pragma once

struct uwsgi_socket;

namespace aiopyr::plugin {

/// Has requests on a plain or TLS HTTP socket read by our strict parser (http_head.h) instead of
/// uWSGI's, which joins repeated headers, folds lines, writes `-` and `_` alike and so leaves
/// nothing that could be checked afterwards. Sockets of other protocols stay as they are: there a
/// web server has parsed the head.
///
/// The socket's `proto` keeps its meaning: UWSGI_OK, UWSGI_AGAIN, or -1 for a connection to be
/// closed, with the state of a head that is not complete in the request's proto_parser_ fields.
/// What is there already (proto_parser_pos bytes at ReceivedRequest::kNotScanned) is looked at
/// before anything is read. A head that is refused was answered when -1 is returned. On the loop's
/// thread, in any context, after the fork.
void read_heads_strictly(uwsgi_socket& socket) noexcept;

}  // namespace aiopyr::plugin
