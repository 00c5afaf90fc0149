#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/clients/postgres/values/postgres_type.h>
#include <aiopyr/clients/postgres/values/text_form.h>

/// The text format of COPY (PostgreSQL: COPY, File Formats): a row a line, a tab between values,
/// `\N` for NULL. The server casts each text to its column's type, so any C++ type suits that has
/// the right literal. The binary format, which needs exactly the columns' types, is left out.
namespace aiopyr::postgres {

/// Collects rows as the data of `copy ... from stdin`. One thread at a time.
///
///     CopyLines lines;
///     for (const Job& job : jobs) lines.add(job.id, job.title, job.place);
///     send(lines.take());
class CopyLines {
 public:
  /// Adds a row. Throws TypeError, and adds nothing, for a value that PostgreSQL cannot hold.
  template <class... T>
  void add(const T&... values);

  /// Returns the bytes that have been collected.
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// Returns the lines, and forgets them.
  [[nodiscard]] std::string take() noexcept { return std::exchange(text_, {}); }

 private:
  template <class T>
  void add_value(const T& value, std::size_t number);
  template <class T>
  void add_value(const std::optional<T>& value, std::size_t number);
  void add_value(std::nullopt_t, std::size_t number) { add_null(number); }
  void add_value(std::nullptr_t, std::size_t number) { add_null(number); }
  void add_null(std::size_t number);
  void add_escaped(std::string_view text, std::size_t number);
  /// Called while an exception is handled: removes the row that was begun.
  [[noreturn]] void throw_uncopyable(std::size_t number, const std::type_info& cpp_type);

  std::string text_;
  // The beginning of the row that is being added.
  std::size_t row_ = 0;
};

/// A row of `copy ... to stdout`, which does not say of which types its columns are: a text is read
/// as whatever is asked for. One thread at a time.
class CopyFields {
 public:
  /// Reads a line, with or without its end. Throws RowError where it is cut within an escape.
  explicit CopyFields(std::string_view line);

  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  /// Reads a value. Throws RowError if there is none of that number, TypeError if it cannot be read
  /// as T. A std::string_view is not read: it would outlive the line.
  template <class T>
  [[nodiscard]] T get(std::size_t number) const;
  /// Reads all values. Throws RowError if there are more or fewer.
  template <class... T>
  [[nodiscard]] std::tuple<T...> as() const;

 private:
  [[nodiscard]] const std::optional<std::string>& field(std::size_t number) const;
  void expect_size(std::size_t size) const;
  [[noreturn]] static void throw_null(std::size_t number, const std::type_info& cpp_type);
  [[noreturn]] static void throw_unreadable(std::size_t number, const std::type_info& cpp_type);

  std::vector<std::optional<std::string>> fields_;
};

namespace detail {

/// The type that a field is taken for when it is read as a T.
template <class T>
[[nodiscard]] constexpr Oid assumed_type() {
  constexpr Oid kType = Codec<T>::kOids.element;
  if (kType != kInferredOid) return kType;
  constexpr Oid kTextArrayOid = 1009;
  return HasElements<typename CodecOf<T>::type> ? kTextArrayOid : kTextOid;
}

}  // namespace detail

template <class... T>
void CopyLines::add(const T&... values) {
  row_ = text_.size();
  std::size_t number = 0;
  (add_value(values, ++number), ...);
  text_ += '\n';
}

template <class T>
void CopyLines::add_value(const T& value, std::size_t number) {
  WireWriter text;
  try {
    detail::write_text_form(value, text);
  } catch (...) {
    throw_uncopyable(number, typeid(T));
  }
  add_escaped(text.view(), number);
}

template <class T>
void CopyLines::add_value(const std::optional<T>& value, std::size_t number) {
  value ? add_value(*value, number) : add_null(number);
}

template <class T>
T CopyFields::get(std::size_t number) const {
  const std::optional<std::string>& text = field(number);
  if constexpr (detail::IsOptional<T>::value) {
    return text ? T(get<typename detail::IsOptional<T>::Inner>(number)) : std::nullopt;
  } else {
    static_assert(!std::is_same_v<T, std::string_view>, "read std::string: a view would dangle");
    if (!text) throw_null(number, typeid(T));
    try {
      return detail::decode_value<T>({detail::assumed_type<T>(), Format::kText, *text});
    } catch (...) {
      throw_unreadable(number, typeid(T));
    }
  }
}

template <class... T>
std::tuple<T...> CopyFields::as() const {
  expect_size(sizeof...(T));
  return [this]<std::size_t... Index>(std::index_sequence<Index...>) {
    return std::tuple<T...>{get<T>(Index)...};
  }
  (std::index_sequence_for<T...>());
}

}  // namespace aiopyr::postgres
