#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/runtime/web/routing/string_list.h>

namespace aiopyr {

/// The result of not_(): a predicate's value that must not match.
template <class T>
struct Not {
  T value;
};

/// The value that a registration gives for a predicate, if any: `.request_method = "GET"`, or
/// `.request_method = not_("GET")` for all but that (pyramid.config.not_). A plain value.
template <class T>
class Asked {
 public:
  Asked() = default;
  template <class U>
  requires(std::convertible_to<U&&, T> && !std::same_as<std::remove_cvref_t<U>, Asked> &&
           (!std::same_as<T, bool> || std::same_as<std::remove_cvref_t<U>, bool>)) Asked(U&& value)
      : value_(std::forward<U>(value)) {}
  Asked(std::initializer_list<std::string> values) requires std::same_as<T, StringList>
      : value_(values) {}
  Asked(Not<T> refused) : value_(std::move(refused.value)), is_refused_(true) {}

  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  [[nodiscard]] const T& value() const { return *value_; }
  [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }

 private:
  std::optional<T> value_;
  bool is_refused_ = false;
};

[[nodiscard]] inline Not<StringList> not_(StringList value) { return {std::move(value)}; }
[[nodiscard]] inline Not<StringList> not_(const char* value) { return {StringList(value)}; }
template <class T>
requires(!std::convertible_to<T, StringList>) [[nodiscard]] Not<T> not_(T value) {
  return {std::move(value)};
}

}  // namespace aiopyr
