#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// Classes of the bytes that may occur in each part of a request's or response's head. Stateless,
/// any thread.
namespace aiopyr::detail {

enum OctetClass : std::uint8_t {
  kTokenOctet = 1,   // RFC 9110 section 5.6.2
  kTargetOctet = 2,  // no control, space or `#`; lenient: accepts unescaped bytes
  kValueOctet = 4,   // RFC 9110 section 5.5: no control but the tab
  kNameOctet = 8,    // allowed in a host that is no IPv6 address: RFC 3986 section 3.2.2
  kLineOctet = 16,   // allowed within a line: no CR, LF or NUL
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

/// Returns whether all bytes of `text` are of that class; true for an empty text.
[[nodiscard]] constexpr bool all_octets(std::string_view text, OctetClass wanted) noexcept {
  // Does not stop early: the texts are short and nearly always valid.
  std::uint8_t common = wanted;
  for (const char c : text) common &= kOctetClasses[static_cast<unsigned char>(c)];
  return common != 0;
}

}  // namespace aiopyr::detail
