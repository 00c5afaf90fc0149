#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <aiopyr/clients/redis/protocol/value.h>
#include <aiopyr/runtime/base/errors.h>

/// From replies to types: what `command<T>()` does. RESP2 and RESP3 give the same results.
///
/// | T | From |
/// |---|---|
/// | Value | any reply |
/// | void | any reply, dropped |
/// | std::string | strings, simple and verbatim ones, digits of big numbers |
/// | integers | integers and strings that are integers, if they fit |
/// | double, float | doubles, integers, strings that are numbers |
/// | bool | booleans, 0 and 1, `OK` (true), null (false): what SET NX answers |
/// | std::optional<T> | null, or as T |
/// | std::vector, std::set, std::unordered_set | arrays, sets |
/// | maps, vectors of pairs | maps, arrays of keys and values by turns, arrays of pairs |
/// | std::pair, std::tuple | arrays of that size |
///
/// A type of your own: specialize Conversion<T>.
namespace aiopyr::redis {

/// Thrown by a conversion, and by one of yours; command() adds what was asked.
class ConversionError : public Error {
 public:
  using Error::Error;
};

/// Converts a reply to T: `static T from(Value&& value)`, which throws ConversionError.
template <class T>
struct Conversion;

/// Converts a reply. Throws ConversionError that names both kinds.
template <class T>
[[nodiscard]] T convert(Value&& value) {
  return Conversion<T>::from(std::move(value));
}

namespace detail {

/// Throws that `value` cannot become a `type`.
[[noreturn]] void refuse_conversion(const Value& value, const std::type_info& type);

[[nodiscard]] std::int64_t to_integer(const Value& value, const std::type_info& type);
[[nodiscard]] std::uint64_t to_unsigned(const Value& value, const std::type_info& type);
[[nodiscard]] double to_double(const Value& value, const std::type_info& type);
[[nodiscard]] bool to_bool(const Value& value);
[[nodiscard]] std::string to_text(Value&& value);
[[nodiscard]] Value::Items to_items(Value&& value, const std::type_info& type);
/// Returns keys and values by turns.
[[nodiscard]] Value::Items to_pairs(Value&& value, const std::type_info& type);

/// Converts a list, adding each element by `add(container, element)`.
template <class List>
struct ListConversion {
  static List from(Value&& value) {
    Value::Items items = to_items(std::move(value), typeid(List));
    List list;
    if constexpr (requires { list.reserve(items.size()); }) list.reserve(items.size());
    for (Value& item : items) {
      list.insert(list.end(), convert<typename List::value_type>(std::move(item)));
    }
    return list;
  }
};

template <class Pairs, class Key, class Mapped>
struct PairsConversion {
  static Pairs from(Value&& value) {
    Value::Items items = to_pairs(std::move(value), typeid(Pairs));
    Pairs pairs;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      Key key = convert<Key>(std::move(items[i]));
      typename Pairs::value_type pair(std::move(key), convert<Mapped>(std::move(items[i + 1])));
      pairs.insert(pairs.end(), std::move(pair));
    }
    return pairs;
  }
};

}  // namespace detail

template <>
struct Conversion<Value> {
  static Value from(Value&& value) { return std::move(value); }
};

template <>
struct Conversion<void> {
  static void from(const Value&) {}
};

template <>
struct Conversion<bool> {
  static bool from(const Value& value) { return detail::to_bool(value); }
};

template <>
struct Conversion<std::string> {
  static std::string from(Value&& value) { return detail::to_text(std::move(value)); }
};

template <std::integral T>
struct Conversion<T> {
  static T from(const Value& value) {
    if constexpr (std::is_signed_v<T>) {
      const std::int64_t wide = detail::to_integer(value, typeid(T));
      if (!std::in_range<T>(wide)) detail::refuse_conversion(value, typeid(T));
      return static_cast<T>(wide);
    } else {
      const std::uint64_t wide = detail::to_unsigned(value, typeid(T));
      if (!std::in_range<T>(wide)) detail::refuse_conversion(value, typeid(T));
      return static_cast<T>(wide);
    }
  }
};

template <std::floating_point T>
struct Conversion<T> {
  static T from(const Value& value) { return static_cast<T>(detail::to_double(value, typeid(T))); }
};

template <class T>
struct Conversion<std::optional<T>> {
  static std::optional<T> from(Value&& value) {
    if (value.is_null()) return std::nullopt;
    return convert<T>(std::move(value));
  }
};

template <class T>
struct Conversion<std::vector<T>> : detail::ListConversion<std::vector<T>> {};
template <class T>
struct Conversion<std::set<T>> : detail::ListConversion<std::set<T>> {};
template <class T>
struct Conversion<std::unordered_set<T>> : detail::ListConversion<std::unordered_set<T>> {};

template <class K, class V>
struct Conversion<std::vector<std::pair<K, V>>>
    : detail::PairsConversion<std::vector<std::pair<K, V>>, K, V> {};
template <class K, class V, class... More>
struct Conversion<std::map<K, V, More...>>
    : detail::PairsConversion<std::map<K, V, More...>, K, V> {};
template <class K, class V, class... More>
struct Conversion<std::unordered_map<K, V, More...>>
    : detail::PairsConversion<std::unordered_map<K, V, More...>, K, V> {};

template <class... T>
struct Conversion<std::tuple<T...>> {
  static std::tuple<T...> from(Value&& value) {
    if (!value.has_items() || value.items().size() != sizeof...(T)) {
      detail::refuse_conversion(value, typeid(std::tuple<T...>));
    }
    return from_items(std::move(value).items(), std::index_sequence_for<T...>());
  }

 private:
  template <std::size_t... At>
  static std::tuple<T...> from_items(Value::Items items, std::index_sequence<At...>) {
    return std::tuple<T...>{convert<T>(std::move(items[At]))...};
  }
};

template <class A, class B>
struct Conversion<std::pair<A, B>> {
  static std::pair<A, B> from(Value&& value) {
    auto [a, b] = convert<std::tuple<A, B>>(std::move(value));
    return {std::move(a), std::move(b)};
  }
};

}  // namespace aiopyr::redis
