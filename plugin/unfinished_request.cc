#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <openssl/ssl.h>

#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::plugin {

namespace {

/// So much of a body may wait in the socket's buffer, which then costs this process nothing.
constexpr std::size_t kBodyInSocket = std::size_t{64} * 1024;

/// The value of a variable among those that uWSGI's parser has made (`uwsgi` packet format:
/// lengths of 16 bits, little endian, before each name and value). Null where there is none.
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
  while (packet.size() >= 2) {
    const std::string_view name = take();
    const std::string_view value = take();
    if (name == wanted) return value;
  }
  return {};
}

/// A Unix socket does not go by SO_RCVLOWAT, and TLS hides how much there is.
bool counts_input(const wsgi_request& core) noexcept {
  const auto family = core.client_addr.sin.sin_family;
  return core.ssl == nullptr && (family == AF_INET || family == AF_INET6);
}

std::size_t bytes_in_socket(int fd) noexcept {
  int bytes = 0;
  if (::ioctl(fd, FIONREAD, &bytes) != 0 || bytes < 0) return 0;
  return static_cast<std::size_t>(bytes);
}

}  // namespace

UnfinishedRequest::UnfinishedRequest(wsgi_request& core, TimePoint began)
    : fd_(core.fd),
      socket_(core.socket),
      began_(began),
      address_(core.client_addr),
      address_length_(core.c_len),
      buffer_(core.proto_parser_buf),
      position_(core.proto_parser_pos),
      status_(core.proto_parser_status),
      remains_(core.proto_parser_remains_buf),
      remains_size_(core.proto_parser_remains),
      https_(core.https),
      https_length_(core.https_len),
      ssl_(core.ssl) {
  if (core.uh->pktsize > 0) {
    packet_.assign(reinterpret_cast<const char*>(core.uh), sizeof *core.uh + core.uh->pktsize);
  }
  core.fd_closed = 1;
  core.proto_parser_buf = nullptr;
  core.ssl = nullptr;
  // A browser may keep a connection that it does not use for minutes.
  if (position_ == 0) std::free(std::exchange(buffer_, nullptr));
}

std::optional<UnfinishedRequest> UnfinishedRequest::accept(uwsgi_socket& socket,
                                                           TimePoint now) noexcept {
  UnfinishedRequest request(socket, now);
  socklen_t length = sizeof request.address_;
  request.fd_ = ::accept4(socket.fd, reinterpret_cast<sockaddr*>(&request.address_), &length,
                          SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (request.fd_ < 0) return std::nullopt;
  request.address_length_ = static_cast<int>(length);
  return request;
}

UnfinishedRequest::UnfinishedRequest(UnfinishedRequest&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      socket_(other.socket_),
      began_(other.began_),
      address_(other.address_),
      address_length_(other.address_length_),
      buffer_(std::exchange(other.buffer_, nullptr)),
      position_(other.position_),
      status_(other.status_),
      remains_(other.remains_),
      remains_size_(other.remains_size_),
      https_(other.https_),
      https_length_(other.https_length_),
      ssl_(std::exchange(other.ssl_, nullptr)),
      packet_(std::move(other.packet_)),
      awaited_body_(other.awaited_body_) {}

UnfinishedRequest::~UnfinishedRequest() {
  std::free(buffer_);
  SSL_free(ssl_);
  if (fd_ >= 0) ::close(fd_);
}

void UnfinishedRequest::move_to(wsgi_request& core) noexcept {
  core.fd = std::exchange(fd_, -1);
  core.client_addr = address_;
  core.c_len = address_length_;
  core.proto_parser_buf = std::exchange(buffer_, nullptr);
  core.proto_parser_pos = position_;
  core.proto_parser_status = status_;
  core.proto_parser_remains_buf = remains_;
  core.proto_parser_remains = remains_size_;
  core.https = https_;
  core.https_len = https_length_;
  core.ssl = std::exchange(ssl_, nullptr);
  if (!packet_.empty()) std::memcpy(core.uh, packet_.data(), packet_.size());
}

void UnfinishedRequest::answer(std::string_view http) noexcept {
  if (ssl_ == nullptr) {
    static_cast<void>(::send(fd_, http.data(), http.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
  } else if (SSL_is_init_finished(ssl_) != 0) {
    SSL_write(ssl_, http.data(), static_cast<int>(http.size()));
  }
  ::shutdown(fd_, SHUT_WR);
  // What is left unread when a connection is closed resets it, and may take the answer along.
  std::array<std::byte, 16384> sink;
  while (::recv(fd_, sink.data(), sink.size(), MSG_DONTWAIT) > 0) {
  }
}

bool takes_plain_answers(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = socket.proto_name != nullptr ? socket.proto_name : "uwsgi";
  return protocol == "http" || protocol == "uwsgi";
}

bool may_be_unfinished(const uwsgi_socket& socket) noexcept {
  const std::string_view protocol = socket.proto_name != nullptr ? socket.proto_name : "uwsgi";
  return protocol == "http" || protocol == "https";
}

std::size_t missing_body(const wsgi_request& core) noexcept {
  if (!counts_input(core)) return 0;
  const std::string_view packet(core.buffer, core.uh->pktsize);
  const auto length = parse_number<std::size_t>(packet_value(packet, "CONTENT_LENGTH"));
  if (!length || *length <= core.proto_parser_remains || *length > options().max_body) return 0;
  if (packet_value(packet, "HTTP_EXPECT").data() != nullptr) return 0;
  if (packet_value(packet, "HTTP_TRANSFER_ENCODING").data() != nullptr) return 0;
  const std::size_t wanted = std::min(*length - core.proto_parser_remains, kBodyInSocket);
  return bytes_in_socket(core.fd) < wanted ? wanted : 0;
}

}  // namespace aiopyr::plugin
