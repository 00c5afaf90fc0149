#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/routing/path_regex.h>
#include <aiopyr/runtime/web/url/url_options.h>

namespace aiopyr {

/// The values that a pattern took from a path.
struct PatternMatch {
  /// The text of each `{name}`, in the pattern's order.
  std::vector<std::pair<std::string, std::string>> values;
  /// The segments of `*rest`; empty if the pattern has none.
  std::vector<std::string> rest;
};

/// A compiled route pattern, with pyramid.urldispatch's meaning:
///
///   {name}        one or more characters other than `/`
///   {name:regex}  a match of the regular expression, which may hold braces one level deep
///   *rest         at the end only: everything that is left, as segments
///
/// A leading `/` is added if there is none. A pattern is matched against the whole decoded path.
/// Immutable: matched from any thread.
///
/// Patterns of plain placeholders, each of which is the rest of a segment, are matched without a
/// regular expression, in one pass; the others become one regular expression (see PathRegex).
class RoutePattern {
 public:
  /// Throws ConfigurationError, which shows the pattern and the position, if it is invalid.
  explicit RoutePattern(std::string_view pattern);

  /// Returns the values of the placeholders if `path`, decoded UTF-8, matches.
  [[nodiscard]] std::optional<PatternMatch> match(std::string_view path) const;

  /// Returns the path, percent-encoded, with these values in the placeholders. `/` is kept in them;
  /// a list's texts are joined with it. Throws KeyError, which names the placeholder, if a value is
  /// missing. Does not check whether a value matches its placeholder's regular expression.
  [[nodiscard]] std::string generate(const RouteValues& values) const;

  /// Returns the pattern as given, with its leading `/`.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Returns the name behind `*`; empty if there is none.
  [[nodiscard]] const std::string& rest_name() const noexcept { return rest_name_; }
  /// Returns the names of all placeholders, including the one behind `*`.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Returns the text that each matching path begins with: the pattern up to its first placeholder.
  [[nodiscard]] std::string_view static_prefix() const noexcept { return prefix_; }

 private:
  struct Placeholder {
    std::string name;
    std::string regex;    // empty for the default
    std::string literal;  // the text after it
    std::size_t at = 0;   // its position in the pattern
  };
  class Parser;

  [[nodiscard]] bool is_simple() const noexcept;
  [[nodiscard]] std::string to_regex() const;
  void compile_regex();
  [[nodiscard]] std::optional<PatternMatch> match_simple(std::string_view path) const;
  [[nodiscard]] std::optional<PatternMatch> match_regex(std::string_view path) const;

  std::string text_;
  std::string prefix_;
  std::vector<Placeholder> placeholders_;
  std::string rest_name_;
  std::optional<detail::PathRegex> regex_;
  std::vector<int> groups_;  // of each placeholder, then of the rest
};

}  // namespace aiopyr
