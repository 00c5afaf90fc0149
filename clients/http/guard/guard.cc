#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <utility>

#include <aiopyr/clients/http/guard/guard.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::http {

namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <std::size_t kSize>
struct Network {
  std::array<std::uint8_t, kSize> first;
  unsigned bits;

  [[nodiscard]] bool contains(const std::array<std::uint8_t, kSize>& address) const noexcept {
    for (unsigned at = 0; at < bits; ++at) {
      const auto mask = static_cast<std::uint8_t>(0x80U >> (at % 8));
      if (((first[at / 8] ^ address[at / 8]) & mask) != 0) return false;
    }
    return true;
  }
};

// IANA's registry of special-purpose IPv4 addresses, multicast, and Azure's host.
constexpr auto kForbiddenV4 = std::to_array<Network<4>>({
    {{0, 0, 0, 0}, 8},         // this network
    {{10, 0, 0, 0}, 8},        // private, RFC 1918
    {{100, 64, 0, 0}, 10},     // shared, RFC 6598
    {{127, 0, 0, 0}, 8},       // loopback
    {{168, 63, 129, 16}, 32},  // Azure's host, which tells machines their secrets
    {{169, 254, 0, 0}, 16},    // link-local, and metadata services
    {{172, 16, 0, 0}, 12},     // private
    {{192, 0, 0, 0}, 24},      // protocol assignments, RFC 6890
    {{192, 0, 2, 0}, 24},      // documentation, RFC 5737
    {{192, 88, 99, 0}, 24},    // 6to4 relays, RFC 7526
    {{192, 168, 0, 0}, 16},    // private
    {{198, 18, 0, 0}, 15},     // benchmarks, RFC 2544
    {{198, 51, 100, 0}, 24},   // documentation
    {{203, 0, 113, 0}, 24},    // documentation
    {{224, 0, 0, 0}, 4},       // multicast
    {{240, 0, 0, 0}, 4},       // reserved, and broadcast
});

constexpr Network<16> kGlobalUnicast = {{0x20}, 3};
// The networks within 2000::/3 that hold no host's address.
constexpr auto kForbiddenV6 = std::to_array<Network<16>>({
    {{0x20, 0x01, 0x00, 0x02}, 48},        // benchmarks, RFC 5180
    {{0x20, 0x01, 0x00, 0x10}, 28},        // ORCHID, RFC 4843
    {{0x20, 0x01, 0x00, 0x20}, 28},        // ORCHIDv2, RFC 7343
    {{0x20, 0x01, 0x00, 0x30}, 28},        // drone remote ID, RFC 9374
    {{0x20, 0x01, 0x0d, 0xb8}, 32},        // documentation, RFC 3849
    {{0x3f, 0xff}, 20},                    // documentation, RFC 9637
    {{0x26, 0x20, 0, 0x4f, 0x80, 0}, 48},  // AS112, RFC 7534
});
constexpr Network<16> kMapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Network<16> kNat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};   // RFC 6052
constexpr Network<16> kSixToFour = {{0x20, 0x02}, 16};           // RFC 3056
constexpr Network<16> kTeredo = {{0x20, 0x01, 0x00, 0x00}, 32};  // RFC 4380

bool is_public_v4(const V4& address) noexcept {
  return std::none_of(kForbiddenV4.begin(), kForbiddenV4.end(),
                      [&](const Network<4>& network) { return network.contains(address); });
}

/// Returns the four bytes at `at`, each combined with `mask` (Teredo inverts them).
V4 embedded(const V6& address, std::size_t at, std::uint8_t mask = 0) noexcept {
  V4 inner{};
  for (std::size_t i = 0; i < inner.size(); ++i) {
    inner[i] = static_cast<std::uint8_t>(address[at + i] ^ mask);
  }
  return inner;
}

/// Returns whether the interface is named by an IPv4 address (RFC 5214 section 6.1).
bool is_isatap(const V6& address) noexcept {
  return (address[8] & 0xfdU) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == 0xfe;
}

bool is_public_v6(const V6& address) noexcept {
  constexpr std::size_t kTail = 12;
  if (kMapped.contains(address) || kNat64.contains(address)) {
    return is_public_v4(embedded(address, kTail));
  }
  if (!kGlobalUnicast.contains(address)) return false;
  if (kSixToFour.contains(address) && !is_public_v4(embedded(address, 2))) return false;
  if (kTeredo.contains(address) &&
      (!is_public_v4(embedded(address, 4)) || !is_public_v4(embedded(address, kTail, 0xff)))) {
    return false;
  }
  if (is_isatap(address) && !is_public_v4(embedded(address, kTail))) return false;
  return std::none_of(kForbiddenV6.begin(), kForbiddenV6.end(),
                      [&](const Network<16>& network) { return network.contains(address); });
}

}  // namespace

bool is_public(const sockaddr* address) noexcept {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    V4 bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return is_public_v4(bytes);
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    V6 bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return is_public_v6(bytes);
  }
  return false;
}

Guard& Guard::also_allow(std::string_view network) {
  const auto parsed = IpNetwork::parse(network);
  if (!parsed) {
    throw ConfigurationError("a guard allows networks as 10.1.0.0/16 or 10.1.0.1, not '" +
                             std::string(network) + "'");
  }
  networks_.push_back(*parsed);
  return *this;
}

bool Guard::allows_address(const sockaddr* address) const noexcept {
  if (!is_on_ || is_public(address)) return true;
  if (networks_.empty()) return false;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (getnameinfo(address,
                  address->sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6),
                  text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return false;
  }
  const auto parsed = IpAddress::parse(text.data());
  return parsed && std::any_of(networks_.begin(), networks_.end(),
                               [&](const IpNetwork& network) { return network.contains(*parsed); });
}

bool Guard::allows_port(std::uint16_t port) const noexcept {
  return !is_on_ || ports_.empty() || std::find(ports_.begin(), ports_.end(), port) != ports_.end();
}

Guard public_only(std::vector<std::uint16_t> ports) {
  Guard guard;
  guard.is_on_ = true;
  guard.ports_ = std::move(ports);
  return guard;
}

}  // namespace aiopyr::http
