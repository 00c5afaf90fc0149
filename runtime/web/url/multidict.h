#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <aiopyr/runtime/text/ascii.h>

namespace aiopyr {

namespace detail {

// Convert a text. Each throws HTTPBadRequest, which names the parameter, if `value` does not
// convert.
long long convert_signed(std::string_view name, std::string_view value, long long min,
                         long long max);
unsigned long long convert_unsigned(std::string_view name, std::string_view value,
                                    unsigned long long max);
double convert_double(std::string_view name, std::string_view value);

[[noreturn]] void throw_missing_parameter(std::string_view name);

}  // namespace detail

/// A type as which a parameter can be read: an integer, a float or double, a bool, a string.
template <typename T>
concept ParameterType = std::integral<T> || std::floating_point<T> || std::same_as<T, std::string>;

/// Converts the text of the parameter `name` to a T. Integers are decimal; floating point must be
/// finite; whitespace around numbers is ignored; a bool is true for Pyramid's truthy strings (t
/// true y yes on 1). Throws HTTPBadRequest if the text does not convert.
template <ParameterType T>
[[nodiscard]] T convert_parameter(std::string_view name, std::string_view value) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::same_as<T, std::string>) {
    return T(value);
  } else if constexpr (std::same_as<T, bool>) {
    return is_truthy(value);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(detail::convert_double(name, value));
  } else if constexpr (std::signed_integral<T>) {
    return static_cast<T>(detail::convert_signed(name, value, Limits::min(), Limits::max()));
  } else {
    return static_cast<T>(detail::convert_unsigned(name, value, Limits::max()));
  }
}

/// An ordered dictionary of strings with many values per key, as WebOb's MultiDict: the query, the
/// form, or both. Keys are case-sensitive.
///
/// It holds what a client sent, so a missing or unconvertible value is the client's error: the
/// typed readers throw HTTPBadRequest with the parameter's name.
/// A plain value: used by one thread at a time. On a temporary, such as a function's result,
/// readers return copies, or are deleted if they can only return a reference: keep the MultiDict in
/// a variable first.
class MultiDict {
 public:
  using Item = std::pair<std::string, std::string>;

  MultiDict() = default;
  MultiDict(std::initializer_list<Item> items);

  /// Returns the values of `preferred`, then those of `other`: of a key that is in both, the last
  /// value of `preferred` counts (WebOb's NestedMultiDict). Once it is changed, the last of all
  /// counts.
  [[nodiscard]] static MultiDict nested(const MultiDict& preferred, const MultiDict& other);

  /// Appends a value, in addition to others of that key.
  void add(std::string key, std::string value);
  /// Removes all values of that key, then appends this one (WebOb's d[key] = value).
  void set(std::string key, std::string value);
  /// Removes all values of that key; returns how many there were.
  std::size_t erase(std::string_view key);
  void extend(const MultiDict& other);

  /// Returns the value of that key that counts, the last one, as in WebOb; null if there is none.
  [[nodiscard]] const std::string* find(std::string_view key) const& noexcept;
  const std::string* find(std::string_view key) const&& = delete;  // use get(key)
  /// Returns the last value; throws HTTPBadRequest if there is none.
  [[nodiscard]] const std::string& operator[](std::string_view key) const&;
  [[nodiscard]] std::string operator[](std::string_view key) const&& { return (*this)[key]; }
  /// Returns the only value; throws HTTPBadRequest if there is none or more than one.
  [[nodiscard]] const std::string& getone(std::string_view key) const&;
  [[nodiscard]] std::string getone(std::string_view key) const&& { return getone(key); }
  [[nodiscard]] std::vector<std::string> getall(std::string_view key) const;
  [[nodiscard]] bool contains(std::string_view key) const noexcept { return find(key) != nullptr; }

  /// Returns the last value as a T; throws HTTPBadRequest if it is missing or does not convert.
  template <ParameterType T>
  [[nodiscard]] T get(std::string_view key) const {
    const std::string* value = find(key);
    if (value == nullptr) detail::throw_missing_parameter(key);
    return convert_parameter<T>(key, *value);
  }
  /// Returns the last value as a T, or `fallback` if the key is missing; throws HTTPBadRequest if a
  /// value does not convert.
  template <ParameterType T>
  [[nodiscard]] T get(std::string_view key, std::type_identity_t<T> fallback) const {
    const std::string* value = find(key);
    return value == nullptr ? std::move(fallback) : convert_parameter<T>(key, *value);
  }
  /// Returns the last value, or nullopt.
  [[nodiscard]] std::optional<std::string> get(std::string_view key) const;
  [[nodiscard]] std::string get(std::string_view key, std::string_view fallback) const;

  [[nodiscard]] const std::vector<Item>& items() const& noexcept { return items_; }
  [[nodiscard]] std::vector<Item> items() && noexcept { return std::move(items_); }
  [[nodiscard]] auto begin() const& noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const& noexcept { return items_.end(); }
  void begin() const&& = delete;  // keep the MultiDict first
  void end() const&& = delete;
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

  /// Returns whether both hold the same items in the same order.
  friend bool operator==(const MultiDict& a, const MultiDict& b);

 private:
  std::vector<Item> items_;
  std::size_t preferred_ = 0;  // how many at the front take precedence over the others
};

}  // namespace aiopyr
