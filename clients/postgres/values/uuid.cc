#include <algorithm>
#include <cstddef>

#include <aiopyr/clients/postgres/values/uuid.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr::postgres {

namespace {

constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/// Reads 32 hexadecimal digits.
std::optional<Uuid> parse_digits(std::string_view digits) noexcept {
  Uuid uuid;
  for (std::size_t at = 0; at < uuid.bytes.size(); ++at) {
    const auto byte = parse_number<std::uint8_t>(digits.substr(2 * at, 2), 16);
    if (!byte) return std::nullopt;
    uuid.bytes[at] = *byte;
  }
  return uuid;
}

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != kForm.size()) return std::nullopt;
  std::array<char, 32> digits{};
  std::size_t count = 0;
  for (std::size_t at = 0; at < kForm.size(); ++at) {
    if ((kForm[at] == '-') != (text[at] == '-')) return std::nullopt;
    if (text[at] != '-') digits[count++] = text[at];
  }
  return parse_digits({digits.data(), digits.size()});
}

Uuid Uuid::random() {
  Uuid uuid = parse_digits(random_hex(16)).value();
  // RFC 9562 section 5.4: the version and the variant.
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);
  return uuid;
}

std::string Uuid::text() const {
  std::string text = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (const std::size_t dash : {8, 13, 18, 23}) text.insert(dash, "-");
  return text;
}

void PostgresType<Uuid>::encode(const Uuid& value, WireWriter& out) {
  for (const std::uint8_t byte : value.bytes) out.write_integer(byte);
}

namespace detail {

Uuid decode_uuid(const Value& value) {
  if (value.type != kUuidOid) throw ValueError();
  if (value.is_text()) {
    if (const std::optional<Uuid> uuid = Uuid::parse(value.bytes)) return *uuid;
  } else if (Uuid uuid; value.bytes.size() == uuid.bytes.size()) {
    std::ranges::copy(value.bytes, uuid.bytes.begin());
    return uuid;
  }
  throw ValueError("the server sent a malformed uuid");
}

}  // namespace detail

}  // namespace aiopyr::postgres
