#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include <aiopyr/clients/postgres/values/postgres_type.h>

/// Truth values, integers, floating-point numbers and numeric. Pure functions, any thread.
namespace aiopyr::postgres {

/// PostgreSQL's numeric, as its decimal text: exact, where a double would round. Also `NaN`,
/// `Infinity` and `-Infinity`. Any text can be put into it; the server checks it.
struct Numeric {
  std::string text;

  bool operator==(const Numeric&) const = default;
};

namespace detail {

template <class T, class... Of>
concept IsOneOf = (std::same_as<T, Of> || ...);

/// Integers, but no truth value and no character.
template <class T>
concept Integer = std::integral<T> && !IsOneOf<T, bool, char, wchar_t, char8_t, char16_t, char32_t>;

/// The smallest of PostgreSQL's integers that holds every T; bigint for std::uint64_t, whose
/// greatest values are refused.
template <Integer T>
using WireInteger = std::conditional_t<
    (sizeof(T) == 1 || (sizeof(T) == 2 && std::is_signed_v<T>)), std::int16_t,
    std::conditional_t<(sizeof(T) == 2 || (sizeof(T) == 4 && std::is_signed_v<T>)), std::int32_t,
                       std::int64_t>>;

template <class T>
[[nodiscard]] constexpr TypeOids integer_oids() noexcept {
  if (sizeof(T) == 2) return {kInt2Oid, 1005};
  if (sizeof(T) == 4) return {kInt4Oid, 1007};
  return {kInt8Oid, 1016};
}

/// Reads smallint, integer, bigint and oid. Throws ValueError for other types and malformed bytes.
[[nodiscard]] std::int64_t decode_integer(const Value& value);
/// Reads real, and double precision unless it is out of a float's range.
[[nodiscard]] float decode_float(const Value& value);
/// Reads real and double precision.
[[nodiscard]] double decode_double(const Value& value);
/// Reads a numeric of either format.
[[nodiscard]] std::string decode_numeric(const Value& value);
[[nodiscard]] bool decode_bool(const Value& value);
[[noreturn]] void throw_out_of_range();

/// Returns the shortest text that is read as the same number.
[[nodiscard]] std::string text_of(float value);
[[nodiscard]] std::string text_of(double value);

}  // namespace detail

template <>
struct PostgresType<bool> {
  static constexpr TypeOids kOids{kBoolOid, 1000};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(bool value, WireWriter& out) { out.write_integer<std::uint8_t>(value); }
  static bool decode(const Value& value) { return detail::decode_bool(value); }
  static std::string to_text(bool value) { return value ? "t" : "f"; }
};

/// Sends an integer as the PostgreSQL type of its size, an unsigned one as the next larger; the
/// server casts it to the column's. Reads any integer type, if the value fits.
template <detail::Integer T>
struct PostgresType<T> {
  using Wire = detail::WireInteger<T>;
  static constexpr TypeOids kOids = detail::integer_oids<Wire>();
  static constexpr Format kFormat = Format::kBinary;

  static void encode(T value, WireWriter& out) {
    if (!std::in_range<Wire>(value)) throw ValueError("it is too large for bigint");
    out.write_integer(static_cast<Wire>(value));
  }
  static T decode(const Value& value) {
    const std::int64_t number = detail::decode_integer(value);
    if (!std::in_range<T>(number)) detail::throw_out_of_range();
    return static_cast<T>(number);
  }
  static std::string to_text(T value) { return std::to_string(value); }
};

template <>
struct PostgresType<float> {
  static constexpr TypeOids kOids{kFloat4Oid, 1021};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(float value, WireWriter& out);
  static float decode(const Value& value) { return detail::decode_float(value); }
  static std::string to_text(float value) { return detail::text_of(value); }
};

template <>
struct PostgresType<double> {
  static constexpr TypeOids kOids{kFloat8Oid, 1022};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(double value, WireWriter& out);
  static double decode(const Value& value) { return detail::decode_double(value); }
  static std::string to_text(double value) { return detail::text_of(value); }
};

template <>
struct PostgresType<Numeric> {
  static constexpr TypeOids kOids{kNumericOid, 1231};
  static constexpr Format kFormat = Format::kText;
  static void encode(const Numeric& value, WireWriter& out) { out.write(value.text); }
  static Numeric decode(const Value& value) { return {detail::decode_numeric(value)}; }
};

}  // namespace aiopyr::postgres
