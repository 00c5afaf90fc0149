#pragma once

struct bio_st;

namespace aiopyr::clients {

/// Returns OpenSSL's access to a socket, as its own (BIO_s_socket) but for one thing: a write to a
/// connection that is gone raises no SIGPIPE, which would end a process that has not ignored it.
/// Does not own the descriptor. Null where there is no memory.
[[nodiscard]] bio_st* make_socket_bio(int fd) noexcept;

}  // namespace aiopyr::clients
