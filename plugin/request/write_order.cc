#include <cerrno>
#include <chrono>
#include <cstddef>
#include <sys/uio.h>

#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/write_order.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber.h>

namespace aiopyr::plugin {

namespace {

bool is_in_order(const wsgi_request& request) noexcept {
  if (send_answers_before(request)) return true;
  errno = EPIPE;
  return false;
}

extern "C" {

static int aiopyr_write(wsgi_request* request, char* bytes, std::size_t size) {
  return is_in_order(*request) ? uwsgi_proto_base_write(request, bytes, size) : -1;
}

static int aiopyr_writev(wsgi_request* request, iovec* parts, std::size_t* count) {
  return is_in_order(*request) ? uwsgi_proto_base_writev(request, parts, count) : -1;
}

static int aiopyr_sendfile(wsgi_request* request, int fd, std::size_t offset, std::size_t size) {
  return is_in_order(*request) ? uwsgi_proto_base_sendfile(request, fd, offset, size) : -1;
}

}  // extern "C"

}  // namespace

bool send_answers_before(const wsgi_request& request) noexcept {
  const ServedRequest& served = served_request_of(request);
  ClientConnection* const connection = served.connection();
  if (connection == nullptr) return true;
  Answers& answers = connection->answers();
  const Loop& loop = served.connections.loop();
  const TimePoint end = loop.now() + std::chrono::seconds(uwsgi.socket_timeout);
  while (!answers.send()) {
    if (!answers.has_rest() || Fiber::current() == nullptr) return false;
    if (uwsgi.wait_write_hook(request.fd, uwsgi.socket_timeout) <= 0) return false;
    if (loop.now() >= end) return false;
  }
  return true;
}

void write_in_order(uwsgi_socket& socket) noexcept {
  // Other sockets never hold answers: those with TLS, and those with protocols of proxies.
  if (socket.proto_write != uwsgi_proto_base_write) return;
  socket.proto_write = aiopyr_write;
  socket.proto_write_headers = aiopyr_write;
  socket.proto_writev = aiopyr_writev;
  socket.proto_sendfile = aiopyr_sendfile;
}

}  // namespace aiopyr::plugin
