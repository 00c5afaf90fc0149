#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/clients/postgres/values/oid.h>
#include <aiopyr/clients/postgres/values/value.h>
#include <aiopyr/clients/postgres/values/wire.h>

namespace aiopyr::postgres {

/// Says how values of the C++ type T are sent to PostgreSQL and read from it. Pure functions on any
/// thread.
///
/// An app specializes it for its own types, in one of two forms. The first stores a type as another
/// one that is supported, such as an enum as the text of an SQL enum:
///
///     template <>
///     struct aiopyr::postgres::PostgresType<Color> {
///       using Stored = std::string;
///       static std::string to_stored(Color color);
///       static Color from_stored(const std::string& name);  // throws ValueError for a bad one
///     };
///
/// The second writes the bytes of PostgreSQL's binary format, or of its text format:
///
///     template <>
///     struct aiopyr::postgres::PostgresType<Point> {
///       static constexpr TypeOids kOids{600, 1017};  // array: 0 if no arrays of it are sent
///       static constexpr Format kFormat = Format::kBinary;
///       static void encode(const Point& point, WireWriter& out);
///       static Point decode(const Value& value);  // checks value.type and value.format
///       static std::string to_text(const Point& point);  // only for COPY of binary types: copy.h
///     };
///
/// Any std::exception that one of them throws becomes a TypeError that says where it happened, with
/// its message as the reason; so that message must not show the value.
template <class T>
struct PostgresType;

namespace detail {

template <class T>
concept HasStoredType = requires {
  typename PostgresType<T>::Stored;
};

template <class T>
concept HasCodec = requires {
  { PostgresType<T>::kOids } -> std::convertible_to<TypeOids>;
};

template <class T>
concept IsEncodable = HasStoredType<T> || HasCodec<T>;

template <class T>
concept IsDecodable = HasStoredType<T> || requires(const Value& value) {
  { PostgresType<T>::decode(value) } -> std::convertible_to<T>;
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Inner = T;
};

/// The type whose codec is used for T: that which it is stored as, at the end.
template <class T>
struct CodecOf {
  using type = T;
};
template <HasStoredType T>
struct CodecOf<T> {
  using type = typename CodecOf<typename PostgresType<T>::Stored>::type;
};
template <class T>
using Codec = PostgresType<typename CodecOf<T>::type>;

template <class T>
void encode_value(const T& value, WireWriter& out) {
  if constexpr (HasStoredType<T>) {
    const typename PostgresType<T>::Stored stored = PostgresType<T>::to_stored(value);
    encode_value(stored, out);
  } else {
    PostgresType<T>::encode(value, out);
  }
}

template <class T>
[[nodiscard]] T decode_value(const Value& value) {
  static_assert(IsDecodable<T>,
                "PostgreSQL's values cannot be read as this type: specialize "
                "aiopyr::postgres::PostgresType for it, or read another type");
  if constexpr (HasStoredType<T>) {
    return PostgresType<T>::from_stored(decode_value<typename PostgresType<T>::Stored>(value));
  } else {
    return PostgresType<T>::decode(value);
  }
}

}  // namespace detail

}  // namespace aiopyr::postgres
