#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/clients/postgres/values/postgres_type.h>

namespace aiopyr::postgres {

/// A UUID (RFC 9562): 16 bytes, in the order in which they are written. A plain value, any thread.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// Reads `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`, in either case; nullopt if `text` is no UUID of
  /// that form.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;
  /// Returns a random one (version 4).
  [[nodiscard]] static Uuid random();
  /// Returns the form that parse() reads, in lower case.
  [[nodiscard]] std::string text() const;

  auto operator<=>(const Uuid&) const = default;
};

namespace detail {
[[nodiscard]] Uuid decode_uuid(const Value& value);
}

template <>
struct PostgresType<Uuid> {
  static constexpr TypeOids kOids{kUuidOid, 2951};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(const Uuid& value, WireWriter& out);
  static Uuid decode(const Value& value) { return detail::decode_uuid(value); }
  static std::string to_text(const Uuid& value) { return value.text(); }
};

}  // namespace aiopyr::postgres
