#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Addresses of hosts and networks, of IPv4 and IPv6, as text and as bytes. Any thread; no resolver
/// is asked.
namespace aiopyr {

/// An address. One of IPv4 that is mapped into IPv6 (`::ffff:10.0.0.1`, RFC 4291 section 2.5.5.2)
/// is the IPv4 one.
class IpAddress {
 public:
  /// Reads `10.0.0.1` or `2001:db8::1`, without brackets, port or zone. Returns nothing for what is
  /// no address.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text) noexcept;

  /// Returns it as it is usually written.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_v4() const noexcept;

  friend bool operator==(const IpAddress&, const IpAddress&) noexcept = default;

 private:
  friend class IpNetwork;

  std::array<std::uint8_t, 16> bytes_{};  // of IPv6
};

/// The addresses that have their first bits in common, or one address.
class IpNetwork {
 public:
  /// Reads `10.0.0.0/8`, `2001:db8::/32`, or an address alone. Returns nothing for anything else,
  /// also where bits are set behind the prefix (`10.0.0.1/8`): one of both is a misprint.
  [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text) noexcept;

  /// Returns whether an address is one of them. Networks of IPv6 have none of IPv4 in them, `::/0`
  /// included, unless they are of mapped ones (`::ffff:10.0.0.0/104`).
  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;

  /// Returns what a text may mean that is a network but for bits behind its prefix: `10.0.0.0/8`
  /// for `10.0.0.1/8`. Empty for any other.
  [[nodiscard]] static std::string without_host_bits(std::string_view text);

 private:
  [[nodiscard]] static std::optional<IpNetwork> parse_any(std::string_view text) noexcept;
  [[nodiscard]] IpAddress first() const noexcept;

  IpAddress address_;
  std::size_t bits_ = 0;  // of IPv6
};

}  // namespace aiopyr
