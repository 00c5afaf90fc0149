#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/arrays.h>
#include <aiopyr/clients/postgres/values/bytes.h>
#include <aiopyr/clients/postgres/values/members.h>
#include <aiopyr/clients/postgres/values/numbers.h>
#include <aiopyr/clients/postgres/values/result.h>
#include <aiopyr/clients/postgres/values/text.h>
#include <aiopyr/clients/postgres/values/times.h>
#include <aiopyr/clients/postgres/values/uuid.h>

/// Read values and whole rows as C++ types. Pure functions, any thread.
namespace aiopyr::postgres::detail {

/// Throws the TypeError of a NULL that is read as a type without it.
[[noreturn]] void throw_null(const Result& result, std::size_t column,
                             const std::type_info& cpp_type);
/// Called while an exception of a codec is handled: throws a TypeError that names the column.
[[noreturn]] void throw_unreadable(const Result& result, std::size_t column,
                                   const std::type_info& cpp_type);
/// Throws RowError unless the result has so many columns.
void expect_columns(const Result& result, std::size_t count);

/// Reads one value. Throws TypeError, and RowError if there is no such column.
template <class T>
[[nodiscard]] T read_value(const Result& result, std::size_t row, std::size_t column) {
  const std::optional<Value> value = result.value(row, column);
  if (!value) {
    if constexpr (IsOptional<T>::value) {
      return std::nullopt;
    } else {
      throw_null(result, column, typeid(T));
    }
  }
  try {
    if constexpr (IsOptional<T>::value) {
      return decode_value<typename IsOptional<T>::Inner>(*value);
    } else {
      return decode_value<T>(*value);
    }
  } catch (...) {
    throw_unreadable(result, column, typeid(T));
  }
}

template <class T>
concept IsValue = IsDecodable<T> || IsOptional<T>::value;

template <class T>
struct IsTuple : std::false_type {};
template <class... T>
struct IsTuple<std::tuple<T...>> : std::true_type {};
template <class First, class Second>
struct IsTuple<std::pair<First, Second>> : std::true_type {};

template <class T>
concept IsStruct = !IsValue<T> && !IsTuple<T>::value && std::is_aggregate_v<T>;

/// Reads rows as one type; made once for all rows of a result. T is a value, then the rows have one
/// column; a tuple or pair, then they have as many; or a struct, whose members are read from the
/// columns of their names.
template <class T>
class RowReader {
  static_assert(IsValue<T>,
                "rows cannot be read as this type: take a type of values, a std::tuple, or a plain "
                "struct without constructors and base classes");

 public:
  explicit RowReader(const Result& result) { expect_columns(result, 1); }
  [[nodiscard]] T read(const Result& result, std::size_t row) const {
    return read_value<T>(result, row, 0);
  }
};

template <class T>
requires IsTuple<T>::value class RowReader<T> {
  static constexpr std::size_t kCount = std::tuple_size_v<T>;

 public:
  explicit RowReader(const Result& result) { expect_columns(result, kCount); }
  [[nodiscard]] T read(const Result& result, std::size_t row) const {
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      // Braces evaluate their values from left to right.
      return T{read_value<std::tuple_element_t<Index, T>>(result, row, Index)...};
    }
    (std::make_index_sequence<kCount>());
  }
};

template <IsStruct T>
class RowReader<T> {
  using Types = MemberTypes<T>;
  static constexpr std::size_t kCount = kMemberCount<T>;
  static constexpr auto kNames = member_names<T>();

 public:
  explicit RowReader(const Result& result) {
    for (std::size_t at = 0; at < kCount; ++at) columns_[at] = result.find_column(kNames[at]);
  }
  [[nodiscard]] T read(const Result& result, std::size_t row) const {
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      return T{read_value<std::tuple_element_t<Index, Types>>(result, row, columns_[Index])...};
    }
    (std::make_index_sequence<kCount>());
  }

 private:
  std::array<std::size_t, kCount> columns_{};
};

/// Whether a T refers to bytes of the rows that it was read from.
template <class T>
struct IsView : std::false_type {};
template <>
struct IsView<std::string_view> : std::true_type {};
template <class T>
struct IsView<std::optional<T>> : IsView<T> {};
template <class First, class Second>
struct IsView<std::pair<First, Second>> : std::disjunction<IsView<First>, IsView<Second>> {};
template <class... T>
struct IsView<std::tuple<T...>> : std::disjunction<IsView<T>...> {};
template <IsStruct T>
struct IsView<T> : IsView<MemberTypes<T>> {};

/// The type that rows.as<T...>() reads: T itself, or a tuple of several.
template <class... T>
struct RowType {
  using type = std::tuple<T...>;
};
template <class T>
struct RowType<T> {
  using type = T;
};

}  // namespace aiopyr::postgres::detail
