#include <cstdint>
#include <optional>
#include <string_view>

#include <aiopyr/clients/postgres/values/bytes.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr::postgres {

namespace {

[[noreturn]] void throw_malformed_bytea() { throw ValueError("the server sent a malformed bytea"); }

std::byte parse_byte(std::string_view digits, int base) {
  const std::optional<std::uint8_t> byte = parse_number<std::uint8_t>(digits, base);
  if (!byte) throw_malformed_bytea();
  return std::byte{*byte};
}

/// Reads what follows `\x`: bytea_output = hex.
Bytes parse_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) throw_malformed_bytea();
  Bytes bytes;
  bytes.reserve(digits.size() / 2);
  for (; !digits.empty(); digits.remove_prefix(2))
    bytes.push_back(parse_byte(digits.substr(0, 2), 16));
  return bytes;
}

/// Reads bytea_output = escape: `\\` is a backslash, `\377` a byte in octal digits.
Bytes parse_escapes(std::string_view text) {
  constexpr std::size_t kOctalDigits = 3;
  Bytes bytes;
  while (!text.empty()) {
    std::size_t used = 1;
    std::byte byte{static_cast<unsigned char>(text.front())};
    if (text.starts_with("\\\\")) {
      used = 2;
    } else if (text.front() == '\\') {
      if (text.size() <= kOctalDigits) throw_malformed_bytea();
      byte = parse_byte(text.substr(1, kOctalDigits), 8);
      used = 1 + kOctalDigits;
    }
    bytes.push_back(byte);
    text.remove_prefix(used);
  }
  return bytes;
}

}  // namespace

namespace detail {

Bytes decode_bytes(const Value& value) {
  if (value.type != kByteaOid) throw ValueError();
  if (value.is_text() && value.bytes.starts_with("\\x")) return parse_hex(value.bytes.substr(2));
  if (value.is_text()) return parse_escapes(value.bytes);
  const auto* begin = reinterpret_cast<const std::byte*>(value.bytes.data());
  return {begin, begin + value.bytes.size()};
}

std::string hex_of(std::span<const std::byte> bytes) {
  return "\\x" + to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace detail

}  // namespace aiopyr::postgres
