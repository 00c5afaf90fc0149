#pragma once

struct uwsgi_socket;

namespace aiopyr::plugin {

/// Makes our strict parser (http_head.h) read requests on a plain or TLS HTTP socket, in place of
/// uWSGI's. uWSGI's parser joins repeated headers, folds lines, and writes `-` and `_` alike, so
/// nothing can be checked afterwards. Sockets of other protocols stay as they are: there a web
/// server has parsed the head.
///
/// The socket's `proto` keeps its meaning: UWSGI_OK, UWSGI_AGAIN, or -1 to close the connection,
/// with the state of an incomplete head in the request's proto_parser_ fields. Bytes that are
/// already there (proto_parser_pos bytes at ReceivedRequest::kNotScanned) are parsed before
/// anything is read. A refused head has been answered when -1 is returned. On the loop's thread, in
/// any context, after the fork.
void read_heads_strictly(uwsgi_socket& socket) noexcept;

}  // namespace aiopyr::plugin
