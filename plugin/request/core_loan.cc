#include <cstring>
#include <new>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/server/listener.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/async/transport/tls_transport.h>

namespace aiopyr::plugin {

namespace {

static_assert(sizeof(wsgi_request::client_addr) <= sizeof(ClientOrigin::address));

std::unique_ptr<Transport> stream_of(const wsgi_request& core) {
  if (core.ssl != nullptr) return std::make_unique<TlsTransport>(core.ssl, core.fd, true);
  return std::make_unique<SocketTransport>(core.fd);
}

char* take_buffer(wsgi_request& core) noexcept {
  return static_cast<char*>(std::exchange(core.proto_parser_buf, nullptr));
}

}  // namespace

std::unique_ptr<ClientConnection> open_connection(const wsgi_request& core,
                                                  ClientConnections& all) {
  ClientOrigin origin;
  origin.listener = &listener_of(*core.socket);
  std::memcpy(&origin.address, &core.client_addr, sizeof core.client_addr);
  origin.address_length = static_cast<socklen_t>(core.c_len);
  auto stream = stream_of(core);
  try {
    auto connection = std::make_unique<ClientConnection>(all, origin, std::move(stream),
                                                         Arrival{.began = all.loop().now()});
    connection->stream().lend();
    return connection;
  } catch (const std::bad_alloc&) {
    // The core still owns the parts of the stream.
    if (stream) stream->disown();
    throw;
  }
}

std::unique_ptr<ClientConnection> accept_without_core(uwsgi_socket& socket,
                                                      ClientConnections& all) {
  ClientOrigin origin;
  origin.listener = &listener_of(socket);
  origin.address_length = sizeof origin.address;
  // Allocates first: if there is no memory, the client waits on in the kernel's queue.
  auto stream = std::make_unique<SocketTransport>(-1);
  stream->adopt(::accept4(socket.fd, reinterpret_cast<sockaddr*>(&origin.address),
                          &origin.address_length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (stream->fd() < 0) return nullptr;
  return std::make_unique<ClientConnection>(all, origin, std::move(stream),
                                            Arrival{.began = all.loop().now()});
}

void lend(ClientConnection& connection, wsgi_request& core) noexcept {
  const ClientOrigin& origin = connection.origin();
  ClientStream& stream = connection.stream();
  stream.lend();
  core.fd = stream.fd();
  if (origin.traits().is_tls) {
    auto& tls = static_cast<TlsTransport&>(stream.transport());
    tls.set_lent(true);
    core.ssl = tls.session();
  }
  std::memcpy(&core.client_addr, &origin.address, sizeof core.client_addr);
  core.c_len = static_cast<int>(origin.address_length);
  ReceivedRequest received = std::exchange(connection.received(), {});
  core.proto_parser_buf = received.buffer.release();
  core.proto_parser_pos = received.position;
  core.proto_parser_status = received.status;
  core.proto_parser_remains_buf = received.remains;
  core.proto_parser_remains = received.remains_size;
  core.https = const_cast<char*>(received.https);
  core.https_len = received.https_length;
  if (received.has_head()) {
    std::memcpy(core.uh, received.packet.data(), received.packet.size());
    set_packet_size(core, received.packet.size() - sizeof *core.uh);
  }
  const auto input = std::exchange(connection.body(), {}).release();
  if (input == nullptr) return;
  core.proto_parser_remains = core.proto_parser_pos = input->size();
  core.proto_parser_buf = core.proto_parser_remains_buf = input->release();
}

void take_stream_back(ClientConnection& connection, wsgi_request& core) noexcept {
  connection.stream().take_back();
  core.fd_closed = 1;
  if (std::exchange(core.ssl, nullptr) == nullptr) return;
  static_cast<TlsTransport&>(connection.stream().transport()).set_lent(false);
}

void take_remains_out(wsgi_request& core) noexcept {
  if (core.proto_parser_remains == 0 || core.proto_parser_buf != nullptr) return;
  core.proto_parser_buf = take_read_buffer();
  std::memcpy(core.proto_parser_buf, core.proto_parser_remains_buf, core.proto_parser_remains);
  core.proto_parser_remains_buf = core.proto_parser_buf;
}

void take_unfinished(ClientConnection& connection, wsgi_request& core) {
  ReceivedRequest received;
  if (const std::size_t size = packet_size(core); size > 0) {
    received.packet.assign(reinterpret_cast<const char*>(core.uh), sizeof *core.uh + size);
  }
  take_remains_out(core);
  received.buffer.reset(take_buffer(core));
  received.position = core.proto_parser_pos;
  received.status = core.proto_parser_status;
  received.remains = static_cast<char*>(core.proto_parser_remains_buf);
  received.remains_size = core.proto_parser_remains;
  received.https = core.https;
  received.https_length = core.https_len;
  // Frees an empty buffer: a browser may keep a connection for minutes without using it.
  if (!received.has_begun()) received.buffer = nullptr;
  connection.received() = std::move(received);
  take_stream_back(connection, core);
}

void take_next(ClientConnection& connection, wsgi_request& core, TimePoint now) noexcept {
  connection.arrival() = connection.arrival().next(now);
  take_stream_back(connection, core);
  if (core.proto_parser_remains == 0) return;
  ReceivedRequest& next = connection.received();
  next.buffer.reset(take_buffer(core));
  next.position = core.proto_parser_remains;
  std::memmove(next.buffer.get(), core.proto_parser_remains_buf, core.proto_parser_remains);
}

}  // namespace aiopyr::plugin
