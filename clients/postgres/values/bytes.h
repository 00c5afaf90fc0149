#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <aiopyr/clients/postgres/values/postgres_type.h>

/// Bytes, which PostgreSQL calls bytea. Pure functions, any thread.
namespace aiopyr::postgres {

using Bytes = std::vector<std::byte>;

namespace detail {
[[nodiscard]] Bytes decode_bytes(const Value& value);
/// Returns `\x` and hexadecimal digits.
[[nodiscard]] std::string hex_of(std::span<const std::byte> bytes);
}  // namespace detail

/// Sent only.
template <>
struct PostgresType<std::span<const std::byte>> {
  static constexpr TypeOids kOids{kByteaOid, 1001};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(std::span<const std::byte> value, WireWriter& out) {
    out.write({reinterpret_cast<const char*>(value.data()), value.size()});
  }
  static std::string to_text(std::span<const std::byte> value) { return detail::hex_of(value); }
};
template <>
struct PostgresType<std::span<std::byte>> : PostgresType<std::span<const std::byte>> {};

template <>
struct PostgresType<Bytes> : PostgresType<std::span<const std::byte>> {
  static Bytes decode(const Value& value) { return detail::decode_bytes(value); }
};

}  // namespace aiopyr::postgres
