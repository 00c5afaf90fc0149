#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <span>
#include <tuple>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <aiopyr/plugin/io/proxy_header.h>
#include <aiopyr/plugin/request/http_variables.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/runtime/http1/http_head.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>

namespace aiopyr::plugin {

namespace {

/// Writes uWSGI's packet: for each variable a name and a value, with their lengths in two bytes
/// each, the lower one first. Variables that do not fit are not written, and finish() reports it.
class PacketWriter {
 public:
  explicit PacketWriter(wsgi_request& request) noexcept
      : request_(request),
        at_(request.buffer + packet_size(request)),
        // uWSGI does not use the last byte either.
        end_(request.buffer + uwsgi.buffer_size - 1) {}

  void begin(std::size_t length) noexcept {
    length_at_ = at_;
    if (char* const to = take(2)) write_length(to, length);
  }
  /// Ends a variable that was begun without its length.
  void end() noexcept {
    if (!fits_) return;
    const auto length = static_cast<std::size_t>(at_ - length_at_) - 2;
    write_length(length_at_, length);
  }
  void put(std::string_view text) noexcept {
    if (char* const to = take(text.size())) std::copy(text.begin(), text.end(), to);
  }
  /// Returns room for `size` bytes, or null.
  char* take(std::size_t size) noexcept {
    fits_ = fits_ && size <= static_cast<std::size_t>(end_ - at_);
    if (!fits_) return nullptr;
    char* const taken = at_;
    at_ += size;
    return taken;
  }
  /// Gives back the last bytes taken.
  void give_back(std::size_t size) noexcept { at_ -= size; }

  /// Adds a variable with a literal name: most are, and a copy of known length takes a move or two.
  template <std::size_t N>
  void add(const char (&name)[N], std::string_view value) noexcept {
    static constexpr std::size_t kName = N - 1;
    char* const to = take(2 + kName + 2 + value.size());
    if (to == nullptr) return;
    write_length(to, kName);
    std::memcpy(to + 2, name, kName);
    write_length(to + 2 + kName, value.size());
    std::copy(value.begin(), value.end(), to + 2 + kName + 2);
  }

  /// Completes the packet; returns false if something did not fit.
  [[nodiscard]] bool finish() noexcept {
    if (fits_) set_packet_size(request_, static_cast<std::size_t>(at_ - request_.buffer));
    return fits_;
  }

 private:
  static void write_length(char* to, std::size_t length) noexcept {
    to[0] = static_cast<char>(length & 0xFF);
    to[1] = static_cast<char>(length >> 8 & 0xFF);
  }

  wsgi_request& request_;
  char* at_;
  char* end_;
  char* length_at_ = nullptr;
  bool fits_ = true;
};

void add_path(PacketWriter& packet, std::string_view path) noexcept {
  static constexpr std::string_view kName = "PATH_INFO";
  packet.begin(kName.size());
  packet.put(kName);
  packet.begin(path.size());
  // Uses uWSGI's own decoder, on which static files and routing rely: it also removes dots.
  auto size = static_cast<std::uint16_t>(path.size());
  char* const to = packet.take(path.size());
  if (to == nullptr) return;
  http_url_decode(chars(path), &size, to);
  packet.give_back(path.size() - size);
  packet.end();
}

void add_request_line(PacketWriter& packet, const HttpHead& head) noexcept {
  packet.add("REQUEST_METHOD", head.method);
  packet.add("REQUEST_URI", head.target);
  add_path(packet, head.path);
  packet.add("QUERY_STRING", head.query);
  // A later minor version is read as the last that is known, and answered so (RFC 9110
  // section 2.5).
  packet.add("SERVER_PROTOCOL", head.version == "HTTP/1.0" ? head.version : "HTTP/1.1");
}

std::string_view own_port(const wsgi_request& request) noexcept {
  const std::string_view port = split_authority(request.socket->name).port;
  return port.empty() ? default_port("http") : port;
}

void add_server(PacketWriter& packet, const wsgi_request& request,
                const ProxiedEnds& proxied) noexcept {
  if (!uwsgi.manage_script_name) packet.add("SCRIPT_NAME", "");
  packet.add("SERVER_NAME", {uwsgi.hostname, static_cast<std::size_t>(uwsgi.hostname_len)});
  const ProxiedEnds::End& told = proxied.destination;
  if (!told.address().empty()) packet.add("SERVER_ADDR", told.address());
  packet.add("SERVER_PORT", told.port().empty() ? own_port(request) : told.port());
}

/// Formats an address without inet_ntop(), which uses printf() and takes longer than all the
/// parsing.
std::string_view format_ipv4(const unsigned char* bytes, std::span<char> text) noexcept {
  char* at = text.data();
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *at++ = '.';
    at = std::to_chars(at, text.data() + text.size(), bytes[i]).ptr;
  }
  return {text.data(), at};
}

void add_port(PacketWriter& packet, in_port_t port) noexcept {
  std::array<char, 5> text{};
  const char* const end = std::to_chars(text.data(), text.data() + text.size(), ntohs(port)).ptr;
  packet.add("REMOTE_PORT", {text.data(), end});
}

/// Adds the peer's address and port; an IPv4 address accepted by an IPv6 socket is written as IPv4.
/// The client of a Unix socket has neither, whatever path it is bound to.
void add_peer(PacketWriter& packet, const wsgi_request& request) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto& [v4, v6] = std::tie(request.client_addr.sin, request.client_addr.sin6);
  if (v4.sin_family == AF_INET) {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(&v4.sin_addr);
    packet.add("REMOTE_ADDR", format_ipv4(bytes, text));
    add_port(packet, v4.sin_port);
  } else if (v4.sin_family != AF_INET6) {
    packet.add("REMOTE_ADDR", "");
  } else if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    packet.add("REMOTE_ADDR", format_ipv4(&v6.sin6_addr.s6_addr[12], text));
    add_port(packet, v6.sin6_port);
  } else {
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    packet.add("REMOTE_ADDR", text.data());
    add_port(packet, v6.sin6_port);
  }
}

/// Adds the name in the verified certificate of a TLS client, under the names of uWSGI's HTTPS
/// router.
void add_certificate(PacketWriter& packet, const wsgi_request& request) noexcept {
  const X509* const certificate = SSL_get0_peer_certificate(request.ssl);
  if (certificate == nullptr || SSL_get_verify_result(request.ssl) != X509_V_OK) return;
  char* const name = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
  if (name == nullptr) return;
  packet.add("HTTPS_DN", name);
  OPENSSL_free(name);
}

void add_client(PacketWriter& packet, wsgi_request& request, const ProxiedEnds& proxied) noexcept {
  if (proxied.source.address().empty()) {
    add_peer(packet, request);
  } else {
    packet.add("REMOTE_ADDR", proxied.source.address());
    packet.add("REMOTE_PORT", proxied.source.port());
  }
  if (request.ssl == nullptr) return;
  request.https = chars("on");
  request.https_len = 2;
  packet.add("HTTPS", "on");
  add_certificate(packet, request);
}

void add_name(PacketWriter& packet, std::string_view name) noexcept {
  const bool is_bare = ascii_iequals(name, "Content-Type") || ascii_iequals(name, "Content-Length");
  const std::string_view prefix = is_bare ? "" : "HTTP_";
  packet.begin(prefix.size() + name.size());
  packet.put(prefix);
  char* const to = packet.take(name.size());
  if (to == nullptr) return;
  for (std::size_t i = 0; i < name.size(); ++i) to[i] = name[i] == '-' ? '_' : ascii_upper(name[i]);
}

/// Finds the fields of a head that share a name with an earlier one. One bit for each name's length
/// and ends saves nearly all comparisons.
class Repeated {
 public:
  explicit Repeated(const HttpHead& head) noexcept {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < head.field_count; ++i) {
      const std::string_view name = head.fields[i].name;
      const auto mix = name.size() * 7 + static_cast<unsigned char>(ascii_lower(name.front())) +
                       static_cast<unsigned char>(ascii_lower(name.back())) * 3U;
      const std::uint64_t bit = std::uint64_t{1} << (mix % 64);
      if ((seen & bit) != 0) mark(head, i);
      seen |= bit;
    }
  }
  [[nodiscard]] bool is_again(std::size_t i) const noexcept { return again_[i]; }
  [[nodiscard]] bool any() const noexcept { return any_; }

 private:
  void mark(const HttpHead& head, std::size_t i) noexcept {
    for (std::size_t j = 0; j < i && !again_[i]; ++j) {
      again_[i] = ascii_iequals(head.fields[j].name, head.fields[i].name);
    }
    any_ = any_ || again_[i];
  }

  std::array<bool, kMaxHeaderFields> again_{};
  bool any_ = false;
};

void add_headers(PacketWriter& packet, const HttpHead& head) noexcept {
  // HTTP/1.0 without a Host header, whose target names the host.
  if (!head.has_host && !head.host.empty()) packet.add("HTTP_HOST", head.host);
  const Repeated repeated(head);
  for (std::size_t i = 0; i < head.field_count; ++i) {
    if (repeated.is_again(i)) continue;
    const auto& [name, value] = head.fields[i];
    add_name(packet, name);
    packet.begin(value.size());
    packet.put(value);
    if (!repeated.any()) continue;
    for (std::size_t j = i + 1; j < head.field_count; ++j) {
      if (!repeated.is_again(j) || !ascii_iequals(head.fields[j].name, name)) continue;
      packet.put(ascii_iequals(name, "Cookie") ? "; " : ", ");
      packet.put(head.fields[j].value);
    }
    packet.end();
  }
}

}  // namespace

bool write_variables(wsgi_request& request, const HttpHead& head,
                     const ProxiedEnds& proxied) noexcept {
  PacketWriter packet(request);
  add_request_line(packet, head);
  add_server(packet, request, proxied);
  add_client(packet, request, proxied);
  add_headers(packet, head);
  return packet.finish();
}

}  // namespace aiopyr::plugin
