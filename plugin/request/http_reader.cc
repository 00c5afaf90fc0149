#include <cerrno>
#include <cstdint>
#include <string_view>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <aiopyr/plugin/connection/received_request.h>
#include <aiopyr/plugin/io/proxy_header.h>
#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/request/http_reader.h>
#include <aiopyr/plugin/request/http_variables.h>
#include <aiopyr/plugin/request/proxy_header_reader.h>
#include <aiopyr/plugin/request/refusal.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/trusted_forwarding.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/http1/http_head.h>

namespace aiopyr::plugin {

namespace {

/// The value of proto_parser_status once the bytes in the buffer have been parsed.
constexpr int kScanned = 1;

std::string_view received(const wsgi_request& request) noexcept {
  return {static_cast<const char*>(request.proto_parser_buf), request.proto_parser_pos};
}

/// Reads up to `size` bytes: returns how many, 0 for UWSGI_AGAIN, or -1 for the end.
ssize_t receive_plain(wsgi_request& request, char* to, std::size_t size) noexcept {
  const ssize_t count = ::recv(request.fd, to, size, 0);
  if (count > 0) return count;
  const bool wait = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return wait ? 0 : -1;
}

ssize_t receive_tls(wsgi_request& request, char* to, std::size_t size) noexcept {
  for (;;) {
    ERR_clear_error();
    const int count = SSL_read(request.ssl, to, static_cast<int>(size));
    if (count > 0) return count;
    const int error = SSL_get_error(request.ssl, count);
    if (error == SSL_ERROR_WANT_READ) return 0;
    if (error != SSL_ERROR_WANT_WRITE) break;
    if (uwsgi.wait_write_hook(request.fd, uwsgi.socket_timeout) <= 0) break;
  }
  ERR_clear_error();
  return -1;
}

/// Appends the available bytes to the buffer.
ssize_t receive(wsgi_request& request) noexcept {
  char* const to = static_cast<char*>(request.proto_parser_buf) + request.proto_parser_pos;
  const std::size_t room = uwsgi.buffer_size - request.proto_parser_pos;
  const ssize_t count =
      request.ssl != nullptr ? receive_tls(request, to, room) : receive_plain(request, to, room);
  if (count > 0) request.proto_parser_pos += static_cast<std::size_t>(count);
  return count;
}

/// Records the bytes of the body, or of the next request, that came with the head.
void note_remains(wsgi_request& request, std::size_t head_size) noexcept {
  request.proto_parser_remains = request.proto_parser_pos - head_size;
  request.proto_parser_remains_buf = static_cast<char*>(request.proto_parser_buf) + head_size;
}

void choose_plugin(wsgi_request& request) noexcept {
  const bool tls = request.ssl != nullptr;
  request.uh->modifier1 =
      static_cast<std::uint8_t>(tls ? uwsgi.https_modifier1 : uwsgi.http_modifier1);
  request.uh->modifier2 =
      static_cast<std::uint8_t>(tls ? uwsgi.https_modifier2 : uwsgi.http_modifier2);
}

/// Returns which part of a head makes its variables too large. The target is in two of them.
HeadError too_large(const HttpHead& head) noexcept {
  const std::size_t in_variables = head.target.size() + head.path.size() + head.query.size();
  return in_variables > uwsgi.buffer_size / 2 ? HeadError::kTargetTooLong : HeadError::kTooLarge;
}

/// Returns which part of a head makes it too large for the buffer, by whether its first line fits.
HeadError too_large(std::string_view begun) noexcept {
  while (begun.starts_with('\r') || begun.starts_with('\n')) begun.remove_prefix(1);
  const bool has_line = begun.find('\n') != std::string_view::npos;
  return has_line ? HeadError::kTooLarge : HeadError::kTargetTooLong;
}

int understand(wsgi_request& request, std::size_t head_size) noexcept {
  note_remains(request, head_size);
  const std::string_view text = received(request).substr(0, head_size);
  const auto& told = served_request_of(request).connection()->arrival().proxy_header;
  const ProxiedEnds proxied = told ? read_proxy_header(*told).ends : ProxiedEnds{};
  // Static: too large for a fiber's stack, of which each used page stays. Nothing waits here.
  static HttpHead head;
  const HeadVerdict verdict = parse_http_head(text, head);
  if (verdict.is_refused()) return refuse(request, verdict);
  if (!write_variables(request, head, proxied)) return refuse(request, {too_large(head), {}});
  choose_plugin(request);
  const HeadError fault = follow_trusted_proxies(request);
  if (fault != HeadError::kNone) return refuse(request, {fault, {}});
  served_request_of(request).reading.note_chunks(head.is_chunked);
  // Sets the length as uWSGI will read it from its variables.
  request.post_cl = head.content_length.value_or(0);
  if (request.proto_parser_remains == 0) {
    give_back_read_buffer(std::exchange(request.proto_parser_buf, nullptr));
  }
  return UWSGI_OK;
}

/// Continues with the bytes that have arrived since `from`.
int look(wsgi_request& request, std::size_t from) noexcept {
  if (awaits_proxy_header(request)) {
    const std::size_t before = request.proto_parser_pos;
    const int status = take_proxy_header(request);
    if (status == UWSGI_AGAIN) request.proto_parser_status = kScanned;
    if (status != UWSGI_OK) return status;
    if (request.proto_parser_pos < before) from = 0;
  }
  const auto head_size = find_head_end(received(request), from);
  if (head_size) return understand(request, *head_size);
  request.proto_parser_status = kScanned;
  if (request.proto_parser_pos < uwsgi.buffer_size) return UWSGI_AGAIN;
  return refuse(request, {too_large(received(request)), received(request)});
}

extern "C" {

static int aiopyr_read_head(wsgi_request* request) {
  if (request->proto_parser_buf == nullptr) {
    request->proto_parser_buf = take_read_buffer();
  }
  if (request->proto_parser_pos > 0 &&
      request->proto_parser_status == ReceivedRequest::kNotScanned) {
    if (const int status = look(*request, 0); status != UWSGI_AGAIN) return status;
  }
  if (request->ssl != nullptr && awaits_proxy_header(*request)) {
    const int status = take_proxy_header_before_tls(*request);
    if (status != UWSGI_OK) return status;
  }
  const std::size_t from = request->proto_parser_pos;
  const ssize_t count = receive(*request);
  if (count == 0) return UWSGI_AGAIN;
  return count < 0 ? -1 : look(*request, from);
}

}  // extern "C"

}  // namespace

void read_heads_strictly(uwsgi_socket& socket) noexcept {
  if (traits_of(socket).is_http) socket.proto = aiopyr_read_head;
}

}  // namespace aiopyr::plugin
