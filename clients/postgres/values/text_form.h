#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>

#include <aiopyr/clients/postgres/values/arrays.h>
#include <aiopyr/clients/postgres/values/postgres_type.h>
#include <aiopyr/clients/postgres/values/text.h>

/// The text form of values, which PostgreSQL reads for any type that has such a literal. Pure
/// functions, any thread.
namespace aiopyr::postgres::detail {

template <class T>
concept HasElements = requires {
  typename PostgresType<T>::Element;
};

template <class T>
concept HasText = requires(const T& value) {
  PostgresType<T>::to_text(value);
};

/// Writes the text form. Throws ValueError if there is none.
template <class T>
void write_text_form(const T& value, WireWriter& out);

template <class Array>
void write_text_array(const Array& values, WireWriter& out) {
  out.write("{");
  std::size_t at = 0;
  for (const auto& each : values) {
    if (at++ > 0) out.write(",");
    using Each = std::remove_cvref_t<decltype(each)>;
    WireWriter text;
    if constexpr (IsOptional<Each>::value) {
      if (!each) {
        out.write("NULL");
        continue;
      }
      write_text_form(*each, text);
    } else {
      write_text_form(each, text);
    }
    write_quoted(text.view(), out);
  }
  out.write("}");
}

template <class T>
void write_text_form(const T& value, WireWriter& out) {
  static_assert(IsEncodable<T>,
                "values of this type cannot be sent to PostgreSQL: specialize "
                "aiopyr::postgres::PostgresType for it, or send another type");
  if constexpr (HasStoredType<T>) {
    const typename PostgresType<T>::Stored stored = PostgresType<T>::to_stored(value);
    write_text_form(stored, out);
  } else if constexpr (HasElements<T>) {
    write_text_array(value, out);
  } else if constexpr (HasText<T>) {
    write_text(PostgresType<T>::to_text(value), out);
  } else {
    static_assert(PostgresType<T>::kFormat == Format::kText,
                  "this type is sent in a binary format: its PostgresType needs to_text()");
    PostgresType<T>::encode(value, out);
  }
}

}  // namespace aiopyr::postgres::detail
