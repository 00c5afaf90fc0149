#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>

namespace aiopyr {

/// A type that a view may return: a Response, an HttpException, or a value for its renderer, which
/// is Json, a string, or any type from which Json can be made.
template <class T>
concept ViewValue = !std::is_void_v<T> && !AnyTask<T> &&
                    (std::same_as<T, ViewResult> || std::convertible_to<T, Response> ||
                     std::derived_from<T, HttpException> ||
                     std::convertible_to<T, std::string_view> || std::constructible_from<Json, T>);

namespace detail {

template <class T>
inline constexpr bool kMayBeResponse =
    std::same_as<T, ViewResult> || std::convertible_to<T, Response> ||
    std::derived_from<T, HttpException>;

template <class V>
ViewResult to_view_result(V&& value) {
  using T = std::remove_cvref_t<V>;
  if constexpr (std::same_as<T, ViewResult>) {
    return std::forward<V>(value);
  } else if constexpr (std::convertible_to<T, Response>) {
    // Includes HTTP exceptions: a returned one is a response, not an exception, and keeps its page.
    return ViewResult(std::in_place_type<Response>, std::forward<V>(value));
  } else if constexpr (!std::same_as<T, Json> && std::convertible_to<T, std::string_view>) {
    return ViewResult(std::in_place_type<Json>, std::string(std::string_view(value)));
  } else {
    return ViewResult(std::in_place_type<Json>, std::forward<V>(value));
  }
}

}  // namespace detail

}  // namespace aiopyr
