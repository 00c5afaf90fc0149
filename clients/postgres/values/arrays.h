#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/bytes.h>
#include <aiopyr/clients/postgres/values/postgres_type.h>

/// Arrays of one dimension, as std::vector<T>; of std::optional<T> where elements may be NULL. Pure
/// functions, any thread.
///
/// Arrays of texts are sent without a type, as texts are: `where id = any($1)` works for uuids that
/// are strings. Where nothing tells the type, write it: `unnest($1::text[])`.
namespace aiopyr::postgres {

namespace detail {

/// Called with each element's place, and its value; nullptr for NULL.
using EachElement = std::function<void(std::size_t, const Value*)>;

/// Reads an array of either format. Throws ValueError for other types, for more than one dimension,
/// and for malformed bytes. Calls `begin` with a number of elements that the bytes have room for.
void read_array(const Value& value, const std::function<void(std::size_t)>& begin,
                const EachElement& each);

/// Writes what stands before the elements in the binary format.
void begin_binary_array(WireWriter& out, std::size_t size, bool has_nulls, Oid element);
/// Writes the sizes that stand before each element, once that is known.
void end_binary_element(WireWriter& out, std::size_t begin);
void write_null_element(WireWriter& out);
/// Writes an element of the text format in quotes.
void write_quoted(std::string_view text, WireWriter& out);
/// Throws ValueError that names the place, and the reason if `why` has one.
[[noreturn]] void throw_bad_element(std::size_t at, std::string_view why);

template <class Element>
struct ArrayElement {
  using type = Element;
  static constexpr bool kIsOptional = false;
};
template <class Element>
struct ArrayElement<std::optional<Element>> {
  using type = Element;
  static constexpr bool kIsOptional = true;
};

/// An element that can be in an array. A vector of std::byte is a bytea.
template <class T>
concept IsElement = !std::is_same_v<T, std::byte> && (IsEncodable<typename ArrayElement<T>::type> ||
                                                      IsDecodable<typename ArrayElement<T>::type>);

template <class T>
struct ArrayCodec {
  using Element = typename ArrayElement<T>::type;
  using ElementCodec = Codec<Element>;
  static constexpr TypeOids kOids{ElementCodec::kOids.array, 0};
  static constexpr Format kFormat = ElementCodec::kFormat;
  static_assert(ElementCodec::kOids.array != 0 || ElementCodec::kOids.element == 0 ||
                    kFormat == Format::kText,
                "this type cannot be sent in an array: its PostgresType gives no OID of one");

  template <class Range>
  static void encode(const Range& values, WireWriter& out) {
    if constexpr (kFormat == Format::kText) {
      encode_text(values, out);
    } else {
      encode_binary(values, out);
    }
  }

  static std::vector<T> decode(const Value& value) {
    static_assert(!std::is_same_v<Element, std::string_view>,
                  "an array's texts are copies, to which there are no views: read std::string");
    std::vector<T> values;
    read_array(
        value, [&values](std::size_t size) { values.reserve(size); },
        [&values](std::size_t at, const Value* element) {
          values.push_back(decode_element(at, element));
        });
    return values;
  }

 private:
  template <class Each>
  static const Element* element_of(const Each& each) {
    if constexpr (ArrayElement<T>::kIsOptional) {
      return each ? &*each : nullptr;
    } else {
      return &each;
    }
  }

  template <class Range>
  static void encode_binary(const Range& values, WireWriter& out) {
    bool has_nulls = false;
    for (const T& each : values) has_nulls = has_nulls || element_of(each) == nullptr;
    begin_binary_array(out, values.size(), has_nulls, ElementCodec::kOids.element);
    std::size_t at = 0;
    for (const T& each : values) {
      write_binary_element(element_of(each), ++at, out);
    }
  }
  static void write_binary_element(const Element* element, std::size_t at, WireWriter& out) {
    if (element == nullptr) return write_null_element(out);
    const std::size_t begin = out.size();
    out.write_integer<std::int32_t>(0);
    encode_element(*element, at, out);
    end_binary_element(out, begin);
  }

  template <class Range>
  static void encode_text(const Range& values, WireWriter& out) {
    out.write("{");
    std::size_t at = 0;
    for (const T& each : values) {
      if (at++ > 0) out.write(",");
      write_text_element(element_of(each), at, out);
    }
    out.write("}");
  }
  static void write_text_element(const Element* element, std::size_t at, WireWriter& out) {
    if (element == nullptr) return out.write("NULL");
    WireWriter text;
    encode_element(*element, at, text);
    write_quoted(text.view(), out);
  }

  static void encode_element(const Element& element, std::size_t at, WireWriter& out) {
    try {
      encode_value(element, out);
    } catch (const std::exception& error) {
      throw_bad_element(at, error.what());
    }
  }

  static T decode_element(std::size_t at, const Value* element) {
    if constexpr (ArrayElement<T>::kIsOptional) {
      if (element == nullptr) return std::nullopt;
    } else {
      if (element == nullptr) throw_bad_element(at, "it is NULL: take a vector of std::optional");
    }
    try {
      return decode_value<Element>(*element);
    } catch (const std::exception& error) {
      throw_bad_element(at, error.what());
    }
  }
};

}  // namespace detail

template <detail::IsElement T>
struct PostgresType<std::vector<T>> : detail::ArrayCodec<T> {};

/// Sent only.
template <detail::IsElement T>
struct PostgresType<std::span<const T>> : detail::ArrayCodec<T> {};
template <detail::IsElement T>
struct PostgresType<std::span<T>> : detail::ArrayCodec<T> {};

}  // namespace aiopyr::postgres
