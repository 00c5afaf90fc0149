#pragma once

#include <cstdint>
#include <string_view>
#include <sys/socket.h>
#include <vector>

#include <aiopyr/runtime/text/ip_address.h>

namespace aiopyr::http {

/// Says whether an address is one of the public Internet: not loopback, link-local, private,
/// shared (CGNAT), unique-local, multicast, unspecified, reserved or for documentation (the
/// registries of RFC 6890), nor an IPv6 form of such an IPv4 address (mapped, compatible, NAT64,
/// 6to4, Teredo, ISATAP). The address at which Azure's machines reach their host is refused too.
[[nodiscard]] bool is_public(const sockaddr* address) noexcept;

/// Decides where a request may go: for URLs that users give (server-side request forgery). A value.
///
/// The client asks it before the first connection and at every redirect, about every address that
/// the look-up found, and again about the address of each socket before it connects. A guarded
/// request uses neither proxies nor Unix sockets, and passes on no identifiers.
class Guard {
 public:
  /// Allows everything.
  Guard() = default;

  /// Allows addresses that are not public too: `10.1.0.0/16`, or one. Throws ConfigurationError for
  /// what is neither.
  Guard& also_allow(std::string_view network);

  /// Returns whether it restricts anything.
  [[nodiscard]] bool is_on() const noexcept { return is_on_; }
  [[nodiscard]] bool allows_port(std::uint16_t port) const noexcept;
  [[nodiscard]] bool allows_address(const sockaddr* address) const noexcept;

 private:
  friend Guard public_only(std::vector<std::uint16_t> ports);
  bool is_on_ = false;
  std::vector<std::uint16_t> ports_;
  std::vector<IpNetwork> networks_;
};

/// Returns a guard that allows public addresses only, at these ports; at any port if there are
/// none.
[[nodiscard]] Guard public_only(std::vector<std::uint16_t> ports = {80, 443});

}  // namespace aiopyr::http
