#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <aiopyr/plugin/hosting.h>
#include <aiopyr/plugin/http_reader.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/read_buffers.h>
#include <aiopyr/plugin/socket_buffers.h>
#include <aiopyr/plugin/socket_protocol.h>
#include <aiopyr/plugin/tls_transport.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/async/socket_transport.h>
#include <aiopyr/runtime/web/ascii.h>

namespace aiopyr::plugin {

namespace {

/// The value of a variable among those that uWSGI's parser has made (`uwsgi` packet format:
/// lengths of 16 bits, little endian, before each name and value): the last of that name, as uWSGI
/// has it. Null where there is none.
std::string_view packet_value(std::string_view packet, std::string_view wanted) noexcept {
  const auto take = [&packet]() -> std::string_view {
    if (packet.size() < 2) return {};
    const auto low = static_cast<unsigned char>(packet[0]);
    const auto high = static_cast<unsigned char>(packet[1]);
    const std::size_t length = low | static_cast<std::size_t>(high) << 8U;
    const std::string_view text = packet.substr(2, length);
    packet.remove_prefix(2 + text.size());
    return text;
  };
  std::string_view found;
  while (packet.size() >= 2) {
    const std::string_view name = take();
    const std::string_view value = take();
    if (name == wanted) found = value;
  }
  return found;
}

/// A Unix socket does not go by SO_RCVLOWAT, and TLS hides how much there is.
bool counts_input(const SSL* ssl, int family) noexcept {
  return ssl == nullptr && (family == AF_INET || family == AF_INET6);
}

bool counts_input(const wsgi_request& core) noexcept {
  return counts_input(core.ssl, core.client_addr.sin.sin_family);
}

std::string_view packet_of(const wsgi_request& core) noexcept {
  return {core.buffer, core.uh->pktsize};
}

/// Whether its client waits for an invitation to send its body, which only HTTP sockets give.
bool is_to_be_invited(const wsgi_request& core) noexcept {
  return may_be_unfinished(*core.socket) &&
         packet_value(packet_of(core), "HTTP_EXPECT").data() != nullptr;
}

/// What uWSGI's own protocol has read of a body lies in the core, behind the variables.
void take_remains_out(wsgi_request& core) {
  if (core.proto_parser_remains == 0 || core.proto_parser_buf != nullptr) return;
  core.proto_parser_buf = take_read_buffer();
  std::memcpy(core.proto_parser_buf, core.proto_parser_remains_buf, core.proto_parser_remains);
  core.proto_parser_remains_buf = core.proto_parser_buf;
}

}  // namespace

UnfinishedRequest::UnfinishedRequest(wsgi_request& core, Arrival arrival)
    : socket_(core.socket), arrival_(std::move(arrival)) {
  take_remains_out(core);
  if (core.uh->pktsize > 0) {
    packet_.assign(reinterpret_cast<const char*>(core.uh), sizeof *core.uh + core.uh->pktsize);
  }
  state_ = {.fd = core.fd,
            .address = core.client_addr,
            .address_length = core.c_len,
            .buffer = core.proto_parser_buf,
            .position = core.proto_parser_pos,
            .status = core.proto_parser_status,
            .remains = core.proto_parser_remains_buf,
            .remains_size = core.proto_parser_remains,
            .https = core.https,
            .https_length = core.https_len,
            .ssl = core.ssl};
  core.fd_closed = 1;
  core.proto_parser_buf = nullptr;
  core.ssl = nullptr;
  // A browser may keep a connection that it does not use for minutes.
  if (!is_asked()) give_back_read_buffer(std::exchange(state_.buffer, nullptr));
}

UnfinishedRequest UnfinishedRequest::next(wsgi_request& core, const Arrival& arrival,
                                          TimePoint now) noexcept {
  UnfinishedRequest request(
      *core.socket, {.began = now, .served = arrival.served + 1, .proxy_line = arrival.proxy_line});
  request.state_ = {.fd = core.fd,
                    .address = core.client_addr,
                    .address_length = core.c_len,
                    .ssl = std::exchange(core.ssl, nullptr)};
  core.fd_closed = 1;
  if (core.proto_parser_remains == 0) return request;
  request.state_.buffer = std::exchange(core.proto_parser_buf, nullptr);
  request.state_.position = core.proto_parser_remains;
  std::memmove(request.state_.buffer, core.proto_parser_remains_buf, core.proto_parser_remains);
  return request;
}

std::optional<UnfinishedRequest> UnfinishedRequest::accept(uwsgi_socket& socket,
                                                           TimePoint now) noexcept {
  UnfinishedRequest request(socket, {.began = now});
  socklen_t length = sizeof request.state_.address;
  request.state_.fd = ::accept4(socket.fd, reinterpret_cast<sockaddr*>(&request.state_.address),
                                &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (request.state_.fd < 0) return std::nullopt;
  request.state_.address_length = static_cast<int>(length);
  return request;
}

UnfinishedRequest::UnfinishedRequest(UnfinishedRequest&& other) noexcept
    : socket_(other.socket_),
      arrival_(std::move(other.arrival_)),
      state_(std::exchange(other.state_, {})),
      packet_(std::move(other.packet_)),
      awaited_body_(other.awaited_body_),
      body_rest_(other.body_rest_),
      body_(std::move(other.body_)) {}

UnfinishedRequest& UnfinishedRequest::operator=(UnfinishedRequest&& other) noexcept {
  if (this == &other) return *this;
  close();
  socket_ = other.socket_;
  arrival_ = std::move(other.arrival_);
  state_ = std::exchange(other.state_, {});
  packet_ = std::move(other.packet_);
  awaited_body_ = other.awaited_body_;
  body_rest_ = other.body_rest_;
  body_ = std::move(other.body_);
  return *this;
}

UnfinishedRequest::~UnfinishedRequest() { close(); }

void UnfinishedRequest::close() noexcept {
  give_back_read_buffer(state_.buffer);
  if (state_.ssl != nullptr) {
    ERR_clear_error();
    if (SSL_is_init_finished(state_.ssl) != 0) SSL_shutdown(state_.ssl);
    SSL_free(state_.ssl);
    ERR_clear_error();
  }
  if (state_.fd >= 0) ::close(state_.fd);
}

bool UnfinishedRequest::has_input() const noexcept {
  if (!packet_.empty() && awaited_body_ == 0 && (body_ == nullptr || body_->is_enough()))
    return true;
  const bool has_bytes = packet_.empty() && state_.position > 0 && state_.status == kNotScanned;
  return has_bytes || (state_.ssl != nullptr && SSL_pending(state_.ssl) > 0);
}

void UnfinishedRequest::move_to(wsgi_request& core) noexcept {
  const State state = std::exchange(state_, {});
  core.fd = state.fd;
  core.client_addr = state.address;
  core.c_len = state.address_length;
  core.proto_parser_buf = state.buffer;
  core.proto_parser_pos = state.position;
  core.proto_parser_status = state.status;
  core.proto_parser_remains_buf = state.remains;
  core.proto_parser_remains = state.remains_size;
  core.https = state.https;
  core.https_len = state.https_length;
  core.ssl = state.ssl;
  if (!packet_.empty()) std::memcpy(core.uh, packet_.data(), packet_.size());
  if (body_ == nullptr) return;
  core.proto_parser_remains = core.proto_parser_pos = body_->size();
  core.proto_parser_buf = core.proto_parser_remains_buf = body_->release();
  body_ = nullptr;
}

void UnfinishedRequest::read_body_ahead(std::unique_ptr<BodyInput> input) noexcept {
  body_ = std::move(input);
  give_back_read_buffer(std::exchange(state_.buffer, nullptr));
}

bool UnfinishedRequest::read_on() {
  if (body_ == nullptr) return true;
  auto connection = lend();
  body_->read(*connection);
  take_back(std::move(connection));
  return body_->is_enough();
}

bool UnfinishedRequest::is_countable() const noexcept {
  return body_ == nullptr && body_rest_ != kUnknown &&
         counts_input(state_.ssl, state_.address.sin.sin_family);
}

bool UnfinishedRequest::has_body_to_come() const noexcept {
  if (body_ != nullptr) return !body_->is_whole();
  if (body_rest_ == 0) return false;
  return !is_countable() || unread_bytes(state_.fd) < body_rest_;
}

std::optional<std::size_t> UnfinishedRequest::countable_rest() const noexcept {
  if (!is_countable() || body_rest_ > kMostWhole) return std::nullopt;
  return body_rest_;
}

std::size_t UnfinishedRequest::body_bytes() const noexcept {
  if (body_ != nullptr) return body_->size();
  return awaited_body_ > 0 ? unread_bytes(state_.fd) : 0;
}

void UnfinishedRequest::answer(std::string_view http) noexcept {
  if (state_.ssl == nullptr) {
    static_cast<void>(::send(state_.fd, http.data(), http.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
  } else if (SSL_is_init_finished(state_.ssl) != 0) {
    SSL_write(state_.ssl, http.data(), static_cast<int>(http.size()));
  }
  ::shutdown(state_.fd, SHUT_WR);
  // What is left unread when a connection is closed resets it, and may take the answer along.
  std::array<std::byte, 16384> sink;
  while (::recv(state_.fd, sink.data(), sink.size(), MSG_DONTWAIT) > 0) {
  }
}

/// A TLS socket's connections have a session as soon as they have come to us.
bool UnfinishedRequest::is_tls() const noexcept { return protocol_of(*socket_) == "https"; }

std::unique_ptr<Transport> UnfinishedRequest::lend() {
  std::unique_ptr<Transport> transport;
  if (is_tls()) {
    transport = std::make_unique<TlsTransport>(state_.ssl, state_.fd);
  } else {
    transport = std::make_unique<SocketTransport>(state_.fd);
  }
  state_.ssl = nullptr;
  state_.fd = -1;
  return transport;
}

void UnfinishedRequest::take_back(std::unique_ptr<Transport> transport) noexcept {
  state_.fd = transport->fd();
  if (is_tls()) {
    state_.ssl = static_cast<TlsTransport&>(*transport).release();
  } else {
    static_cast<SocketTransport&>(*transport).release();
  }
}

bool takes_plain_answers(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = protocol_of(socket);
  return protocol == "http" || protocol == "uwsgi";
}

bool may_be_unfinished(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = protocol_of(socket);
  return protocol == "http" || protocol == "http11" || protocol == "https";
}

bool may_wait_for_body(const uwsgi_socket& socket) noexcept {
  return may_be_unfinished(socket) || protocol_of(socket) == "uwsgi";
}

ProxiedBody proxied_body(const wsgi_request& core) noexcept {
  if (core.uh->modifier1 != 0 && core.uh->modifier1 != kModifier1) return {};
  const std::string_view packet = packet_of(core);
  const std::string_view length = packet_value(packet, "CONTENT_LENGTH");
  if (length.empty()) {
    const std::string_view encoding = packet_value(packet, "HTTP_TRANSFER_ENCODING");
    return {.is_chunked = ascii_iequals(encoding, "chunked")};
  }
  if (!packet_value(packet, "UWSGI_POSTFILE").empty()) return {};
  std::size_t bytes = 0;
  const auto error = std::from_chars(length.data(), length.data() + length.size(), bytes).ec;
  return {.length = error == std::errc::result_out_of_range ? SIZE_MAX : bytes};
}

std::size_t missing_body(const wsgi_request& core) noexcept {
  const std::size_t length = core.post_cl;
  if (length <= core.proto_parser_remains || length > options().max_body) return 0;
  if (!counts_input(core) || is_to_be_invited(core)) return 0;
  // In the socket's buffer it costs this process nothing.
  const std::size_t wanted = std::min(length - core.proto_parser_remains, BodyInput::kMost);
  return unread_bytes(core.fd) < wanted ? wanted : 0;
}

bool is_body_to_read_ahead(const wsgi_request& core, bool is_chunked) noexcept {
  const std::size_t length = core.post_cl;
  if (!is_chunked && (length <= core.proto_parser_remains || counts_input(core))) return false;
  if (length > options().max_body || BodyInput::memory() >= options().write_buffer) return false;
  return !is_to_be_invited(core);
}

bool has_body_to_come(const wsgi_request& core, bool is_chunked) noexcept {
  if (is_chunked) return true;
  if (core.post_cl <= core.proto_parser_remains || core.post_cl > options().max_body) return false;
  return !counts_input(core) || unread_bytes(core.fd) < core.post_cl - core.proto_parser_remains;
}

}  // namespace aiopyr::plugin
