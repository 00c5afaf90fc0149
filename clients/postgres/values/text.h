#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <aiopyr/clients/postgres/values/postgres_type.h>

/// Texts and JSON. Pure functions, any thread.
///
/// A text is sent without a type, which the server infers from where it stands: so a std::string
/// can be given for a text, uuid, date, enum or any other column, as a literal in SQL. Where
/// nothing tells the type, write it: `select $1::text`. A text with a NUL byte is refused, since no
/// value of PostgreSQL can hold one. The encoding is the connection's, UTF-8; it is not checked
/// when read.
namespace aiopyr::postgres {

/// The text of a JSON value, sent as jsonb: which the server casts for a column of type json.
struct JsonText {
  std::string text;

  bool operator==(const JsonText&) const = default;
};

namespace detail {

/// Reads text in all its types, json and jsonb, enums and other types whose binary format is their
/// text, and any value that the server has sent as text. A view into `value`.
[[nodiscard]] std::string_view decode_text(const Value& value);
/// Reads what decode_text() does, and also numeric and uuid, which have one text each.
[[nodiscard]] std::string decode_string(const Value& value);
[[nodiscard]] std::string decode_json(const Value& value);
/// Throws ValueError if the text holds a NUL byte.
void write_text(std::string_view text, WireWriter& out);

/// The part that all kinds of strings have in common.
struct TextCodec {
  static constexpr TypeOids kOids{kInferredOid, kInferredOid};
  static constexpr Format kFormat = Format::kText;
  static void encode(std::string_view value, WireWriter& out) { write_text(value, out); }
};

}  // namespace detail

template <>
struct PostgresType<std::string> : detail::TextCodec {
  static std::string decode(const Value& value) { return detail::decode_string(value); }
};

/// Reads a view into the rows: it lives no longer than they do.
template <>
struct PostgresType<std::string_view> : detail::TextCodec {
  static std::string_view decode(const Value& value) { return detail::decode_text(value); }
};

/// Sent only; a null pointer is refused.
template <>
struct PostgresType<const char*> : detail::TextCodec {
  static void encode(const char* value, WireWriter& out) {
    if (value == nullptr) throw ValueError("it is a null pointer: send NULL as nullptr");
    detail::write_text(value, out);
  }
};
template <>
struct PostgresType<char*> : PostgresType<const char*> {};
template <std::size_t N>
struct PostgresType<char[N]> : PostgresType<const char*> {};

template <>
struct PostgresType<JsonText> {
  static constexpr TypeOids kOids{kJsonbOid, 3807};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(const JsonText& value, WireWriter& out);
  static JsonText decode(const Value& value) { return {detail::decode_json(value)}; }
  static std::string to_text(const JsonText& value) { return value.text; }
};

}  // namespace aiopyr::postgres
