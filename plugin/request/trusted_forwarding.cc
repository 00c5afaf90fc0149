#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/plugin/io/proxy_header.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/peer_address.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/trusted_forwarding.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/plugin/server/variable_packet.h>
#include <aiopyr/runtime/http1/trusted_proxies.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/request/host_parts.h>

namespace aiopyr::plugin {

namespace {

std::string_view variables_of(const wsgi_request& request) noexcept {
  return {request.buffer, packet_size(request)};
}

/// Returns whether an address is trusted. An empty one, or nginx's `unix:`, is that of a client on
/// a Unix socket.
bool is_trusted(const TrustedProxies& trusted, std::string_view address) noexcept {
  if (address.empty() || address == "unix:") return trusted.trust_unix();
  const auto parsed = IpAddress::parse(address);
  return parsed && trusted.trust(*parsed);
}

/// Returns whether a request on an HTTP socket comes from a trusted proxy. If the PROXY protocol
/// names the proxy, the peer that says so has to be trusted too; a proxy without an address is not
/// trusted.
bool comes_from_trusted_client(const wsgi_request& request, const TrustedProxies& trusted,
                               std::string_view client) {
  if (!is_trusted(trusted, client)) return false;
  const auto& told = served_request_of(request).connection()->arrival().proxy_header;
  if (!told) return true;
  const bool is_known = !read_proxy_header(*told).ends.source.address().empty();
  return is_known && is_trusted(trusted, peer_address(request));
}

bool comes_from_trusted(const wsgi_request& request, const TrustedProxies& trusted) {
  const std::string_view client = packet_value(variables_of(request), "REMOTE_ADDR");
  if (traits_of(*request.socket).is_http) {
    return comes_from_trusted_client(request, trusted, client);
  }
  if (client.data() != nullptr) return is_trusted(trusted, client);
  return is_trusted(trusted, peer_address(request));
}

std::string_view scheme_in(std::string_view packet) noexcept {
  return aiopyr::detail::scheme_told(packet_value(packet, "UWSGI_SCHEME"),
                                     packet_value(packet, "HTTPS"),
                                     packet_value(packet, "REQUEST_SCHEME"));
}

ForwardingHeaders headers_of(std::string_view packet) noexcept {
  return {.forwarded = packet_value(packet, "HTTP_FORWARDED"),
          .x_forwarded_for = packet_value(packet, "HTTP_X_FORWARDED_FOR"),
          .x_forwarded_proto = packet_value(packet, "HTTP_X_FORWARDED_PROTO"),
          .x_forwarded_host = packet_value(packet, "HTTP_X_FORWARDED_HOST"),
          .x_forwarded_port = packet_value(packet, "HTTP_X_FORWARDED_PORT"),
          .own_scheme = scheme_in(packet)};
}

/// A packet in which some variables are changed or removed.
class ChangedPacket {
 public:
  explicit ChangedPacket(std::string_view packet) : text_(packet) {}

  [[nodiscard]] std::string_view value(std::string_view name) const noexcept {
    return packet_value(text_, name);
  }
  void remove(std::string_view name) { remove_from_packet(text_, name); }
  void set(std::string_view name, std::string_view value) {
    remove(name);
    append_to_packet(text_, name, value);
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

void follow_address(ChangedPacket& packet, const ToldClient& client) {
  if (!client.address) return;
  packet.set("REMOTE_ADDR", *client.address);
  packet.remove("REMOTE_PORT");
  if (!client.port.empty()) packet.set("REMOTE_PORT", client.port);
}

void follow_scheme(ChangedPacket& packet, const ToldClient& client) {
  if (client.scheme.empty()) return;
  packet.remove("HTTPS");
  if (client.scheme == "https") packet.set("HTTPS", "on");
  packet.set("UWSGI_SCHEME", client.scheme);
  if (packet.value("REQUEST_SCHEME").data() != nullptr) {
    packet.set("REQUEST_SCHEME", client.scheme);
  }
}

/// Sets host and port. A port in the host that a proxy names counts more than X-Forwarded-Port, and
/// both count more than a port in the Host header, which may be the proxy's own.
void follow_host(ChangedPacket& packet, const ToldClient& client) {
  if (client.host.empty() && client.host_port.empty()) return;
  const std::string_view own_port = default_port(scheme_in(packet.text()));
  const std::string before(client.host.empty() ? packet.value("HTTP_HOST") : client.host);
  const auto [host, host_port] = split_authority(before);
  std::string_view port = client.host_port;
  if (!client.host.empty() && !host_port.empty()) port = host_port;
  if (port.empty()) port = own_port;
  if (!host.empty()) {
    std::string whole(host);
    if (port != own_port) whole.append(":").append(port);
    packet.set("HTTP_HOST", whole);
  }
  packet.set("SERVER_PORT", port);
}

/// Writes the packet back; returns false if its variables do not fit.
bool replace(wsgi_request& request, const ChangedPacket& packet) noexcept {
  const std::string& text = packet.text();
  // uWSGI leaves the last byte alone.
  if (text.size() >= uwsgi.buffer_size || text.size() > UINT16_MAX) return false;
  if (text.size() > packet_size(request)) take_remains_out(request);
  std::memcpy(request.buffer, text.data(), text.size());
  set_packet_size(request, text.size());
  return true;
}

/// Sets the request's fields for TLS, as our own parser of heads does beside the variables.
void note_scheme(wsgi_request& request, std::string_view scheme) noexcept {
  if (scheme.empty()) return;
  static constexpr std::string_view kOn = "on";
  const bool is_secure = scheme == "https";
  request.https = is_secure ? chars(kOn) : nullptr;
  request.https_len = is_secure ? static_cast<std::uint16_t>(kOn.size()) : 0;
}

/// Returns whether the packet holds variables: that of a request for another plugin of uWSGI may
/// hold anything.
bool has_variables(const wsgi_request& request) noexcept {
  return request.uh->modifier1 == 0 || request.uh->modifier1 == kModifier1 ||
         traits_of(*request.socket).is_http;
}

HeadError follow(wsgi_request& request, const TrustedProxies& trusted) {
  const std::string_view packet = variables_of(request);
  const ForwardingHeaders headers = headers_of(packet);
  if (headers.empty() || !comes_from_trusted(request, trusted)) return HeadError::kNone;
  const auto client = told_client(trusted, headers);
  if (!client) return HeadError::kForwarded;
  ChangedPacket changed(packet);
  follow_address(changed, *client);
  follow_scheme(changed, *client);
  follow_host(changed, *client);
  if (!replace(request, changed)) return HeadError::kTooLarge;
  note_scheme(request, client->scheme);
  return HeadError::kNone;
}

}  // namespace

HeadError follow_trusted_proxies(wsgi_request& request) noexcept {
  const TrustedProxies& trusted = options().trusted_proxies;
  if (trusted.empty() || !has_variables(request)) return HeadError::kNone;
  try {
    return follow(request, trusted);
  } catch (...) {
    // Refuses the request if there is no memory: its client would be named wrongly.
    return HeadError::kTooLarge;
  }
}

}  // namespace aiopyr::plugin
