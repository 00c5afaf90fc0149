#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace aiopyr {

/// Joins the texts of a range, with `separator` between them. `show` makes the text of an element,
/// or points to the member that is one: `join(routes, ", ", &Route::name)`.
template <class Range, class Show = std::identity>
[[nodiscard]] std::string join(const Range& range, std::string_view separator, Show show = {}) {
  std::string text;
  bool is_first = true;
  for (const auto& each : range) {
    if (!std::exchange(is_first, false)) text += separator;
    text += std::invoke(show, each);
  }
  return text;
}

}  // namespace aiopyr
