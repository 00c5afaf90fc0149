#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/kept_from_children.h>

namespace aiopyr::plugin {

namespace {

extern "C" {

static int aiopyr_accept(wsgi_request* request, int fd) {
  socklen_t length = sizeof request->client_addr;
  const int accepted = ::accept4(fd, reinterpret_cast<sockaddr*>(&request->client_addr), &length,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
  request->c_len = static_cast<int>(length);
  return accepted;
}

static int aiopyr_accept_tls(wsgi_request* request, int fd) {
  const int accepted = aiopyr_accept(request, fd);
  if (accepted < 0) return accepted;
  request->ssl = ::SSL_new(request->socket->ssl_ctx);
  if (request->ssl != nullptr && ::SSL_set_fd(request->ssl, accepted) == 1) {
    ::SSL_set_accept_state(request->ssl);
    return accepted;
  }
  ::SSL_free(request->ssl);
  request->ssl = nullptr;
  ::close(accepted);
  errno = ENOMEM;
  return -1;
}

}  // extern "C"

/// Returns whether connections are accepted as from any socket: not if uWSGI keeps one for a core,
/// or if a message queue takes the socket's place. Connections that http11 would keep are kept by
/// us.
bool accepts_as_usual(uwsgi_socket& socket) noexcept {
  return socket.proto_accept == uwsgi_proto_base_accept || traits_of(socket).protocol == "http11";
}

}  // namespace

void keep_from_children(int fd) noexcept {
  const int flags = ::fcntl(fd, F_GETFD);
  if (flags >= 0) ::fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

void keep_from_children(uwsgi_socket& socket) noexcept {
  keep_from_children(socket.fd);
  if (socket.ssl_ctx != nullptr) {
    socket.proto_accept = aiopyr_accept_tls;
  } else if (accepts_as_usual(socket)) {
    socket.proto_accept = aiopyr_accept;
  }
}

}  // namespace aiopyr::plugin
