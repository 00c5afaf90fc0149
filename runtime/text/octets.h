#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// Which bytes may stand where in the head of a request or a response. Stateless, any thread.
namespace aiopyr::detail {

enum OctetClass : std::uint8_t {
  kTokenOctet = 1,   // RFC 9110 section 5.6.2
  kTargetOctet = 2,  // no control, space or `#`; lenient towards what should have been escaped
  kValueOctet = 4,   // RFC 9110 section 5.5: no control but the tab
  kNameOctet = 8,    // in a host that is no IPv6 address: RFC 3986 section 3.2.2
  kLineOctet = 16,   // what does not end a line: no CR, LF or NUL
};

consteval std::array<std::uint8_t, 256> make_octet_classes() {
  std::array<std::uint8_t, 256> classes{};
  const auto mark = [&classes](std::string_view octets, std::uint8_t as) {
    for (const char c : octets) classes[static_cast<unsigned char>(c)] |= as;
  };
  for (unsigned c = 0x21; c < 0x100; ++c) {
    if (c != 0x7F && c != '#') classes[c] |= kTargetOctet;
  }
  for (unsigned c = 0x20; c < 0x100; ++c) {
    if (c != 0x7F) classes[c] |= kValueOctet;
  }
  mark("\t", kValueOctet);
  for (unsigned c = 0x01; c < 0x100; ++c) {
    if (c != '\r' && c != '\n') classes[c] |= kLineOctet;
  }
  mark("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kTokenOctet | kNameOctet);
  mark("!#$%&'*+-.^_`|~", kTokenOctet);
  mark("-._~%!$&'()*+,;=", kNameOctet);
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> kOctetClasses = make_octet_classes();

[[nodiscard]] constexpr bool is_octet(char c, OctetClass wanted) noexcept {
  return (kOctetClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// Whether all of `text` is of that class; so is an empty text.
[[nodiscard]] constexpr bool all_octets(std::string_view text, OctetClass wanted) noexcept {
  // Without an early end: the texts are short and nearly always good.
  std::uint8_t common = wanted;
  for (const char c : text) common &= kOctetClasses[static_cast<unsigned char>(c)];
  return common != 0;
}

}  // namespace aiopyr::detail
