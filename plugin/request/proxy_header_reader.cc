#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include <aiopyr/plugin/io/proxy_header.h>
#include <aiopyr/plugin/request/proxy_header_reader.h>
#include <aiopyr/plugin/request/refusal.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

using Status = ProxyHeader::Status;

constexpr std::string_view kMalformed = "The PROXY protocol's header is malformed.";

/// The value of proto_parser_status while a part of a header before TLS has arrived.
constexpr int kBeforeTls = 1;

char* buffer_of(const wsgi_request& request) noexcept {
  return static_cast<char*>(request.proto_parser_buf);
}

/// Keeps the header with the connection. Returns false if there is no memory: the client's address
/// would be wrong.
bool keep(wsgi_request& request, std::string_view header) noexcept {
  try {
    served_request_of(request).connection()->arrival().proxy_header =
        std::make_shared<const std::string>(header);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

/// Takes the next `size` bytes, which are available, off the connection into the buffer.
bool take_bytes(wsgi_request& request, std::size_t size) noexcept {
  const ssize_t count =
      ::recv(request.fd, buffer_of(request) + request.proto_parser_pos, size, MSG_DONTWAIT);
  if (count != static_cast<ssize_t>(size)) return false;
  request.proto_parser_pos += size;
  return true;
}

}  // namespace

bool awaits_proxy_header(const wsgi_request& request) noexcept {
  if (!uwsgi.enable_proxy_protocol) return false;
  const Arrival& arrival = served_request_of(request).connection()->arrival();
  if (arrival.served > 0 || arrival.proxy_header != nullptr) return false;
  return request.ssl == nullptr || SSL_in_before(request.ssl) == 1;
}

int take_proxy_header(wsgi_request& request) noexcept {
  char* const buffer = buffer_of(request);
  const std::string_view received(buffer, request.proto_parser_pos);
  const ProxyHeader header = read_proxy_header(received);
  switch (header.status) {
    case Status::kNone:
      return UWSGI_OK;
    case Status::kMore:
      return UWSGI_AGAIN;
    case Status::kBad:
      return refuse(request, kMalformed, received);
    case Status::kWhole:
      break;
  }
  if (!keep(request, received.substr(0, header.size))) return -1;
  request.proto_parser_pos -= header.size;
  std::memmove(buffer, buffer + header.size, request.proto_parser_pos);
  return request.proto_parser_pos > 0 ? UWSGI_OK : UWSGI_AGAIN;
}

/// Takes the header's bytes off, so that the rest of it can be awaited, and not one byte more,
/// which belongs to TLS.
int take_proxy_header_before_tls(wsgi_request& request) noexcept {
  const std::size_t begun = request.proto_parser_pos;
  std::array<char, ProxyHeader::kMost> bytes{};
  const std::size_t most = std::min<std::size_t>(bytes.size(), uwsgi.buffer_size);
  std::copy_n(buffer_of(request), begun, bytes.begin());
  const ssize_t count =
      ::recv(request.fd, bytes.data() + begun, most - begun, MSG_PEEK | MSG_DONTWAIT);
  if (count <= 0) {
    const bool wait = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return wait ? UWSGI_AGAIN : -1;
  }
  const std::string_view received(bytes.data(), begun + static_cast<std::size_t>(count));
  const ProxyHeader header = read_proxy_header(received);
  if (header.status == Status::kNone && begun == 0) return UWSGI_OK;
  if (header.status == Status::kMore) {
    request.proto_parser_status = kBeforeTls;
    return take_bytes(request, received.size() - begun) ? UWSGI_AGAIN : -1;
  }
  if (header.status != Status::kWhole) return refuse(request, kMalformed, received);
  if (!take_bytes(request, header.size - begun)) return -1;
  request.proto_parser_pos = 0;
  request.proto_parser_status = 0;
  return keep(request, received.substr(0, header.size)) ? UWSGI_OK : -1;
}

}  // namespace aiopyr::plugin
