#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/url/multidict.h>

namespace aiopyr {

/// The values that a route's pattern took from the path: a text for each `{name}`, the segments for
/// `*rest`. All decoded. A plain value: used by one thread at a time. On a temporary, such as a
/// function's result, readers return copies.
class MatchDict {
 public:
  void set(std::string name, std::string value);
  /// Sets the segments of `*rest`.
  void set(std::string name, std::vector<std::string> segments);

  [[nodiscard]] bool contains(std::string_view name) const noexcept;

  /// Returns the text of `{name}`, or the segments of `*name` joined with `/`. Throws Error if the
  /// pattern has no such name: this is the app's mistake, not the client's.
  [[nodiscard]] const std::string& operator[](std::string_view name) const&;
  [[nodiscard]] std::string operator[](std::string_view name) const&& { return (*this)[name]; }

  /// Returns the text as a number or bool; throws HTTPBadRequest if it does not convert.
  template <ParameterType T>
  [[nodiscard]] T get(std::string_view name) const {
    return convert_parameter<T>(name, (*this)[name]);
  }
  template <ParameterType T>
  [[nodiscard]] T get(std::string_view name, std::type_identity_t<T> fallback) const {
    return contains(name) ? get<T>(name) : std::move(fallback);
  }

  /// Returns the segments of `*name`; throws Error if the pattern has no such name.
  [[nodiscard]] const std::vector<std::string>& segments(std::string_view name) const&;
  [[nodiscard]] std::vector<std::string> segments(std::string_view name) const&& {
    return segments(name);
  }

  /// Returns name and text of every part, in the pattern's order.
  [[nodiscard]] std::vector<MultiDict::Item> items() const;
  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }

 private:
  struct Part {
    std::string name;
    std::string text;
    std::vector<std::string> segments;
    bool is_rest = false;
  };

  Part& part(std::string name);
  [[nodiscard]] const Part* find(std::string_view name) const noexcept;

  std::vector<Part> parts_;
};

}  // namespace aiopyr
