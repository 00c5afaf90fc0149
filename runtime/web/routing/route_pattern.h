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

/// What a pattern took out of a path.
struct PatternMatch {
  /// The text of each `{name}`, in the pattern's order.
  std::vector<std::pair<std::string, std::string>> values;
  /// The segments of `*rest`; empty where the pattern has none.
  std::vector<std::string> rest;
};

/// A compiled route pattern, with pyramid.urldispatch's meaning:
///
///   {name}        one or more characters other than `/`
///   {name:regex}  what the regular expression matches; it may hold braces one level deep
///   *rest         at the end only: everything that is left, as segments
///
/// A leading `/` is added where there is none. A pattern is matched against the decoded path, from
/// its start to its end. Immutable: matched from any thread.
///
/// Patterns of plain placeholders, each a whole rest of a segment, are matched by hand, in one
/// pass; the others become one regular expression (see PathRegex for the engine).
class RoutePattern {
 public:
  /// Throws ConfigurationError, which shows the pattern and the place, where it cannot be read.
  explicit RoutePattern(std::string_view pattern);

  /// What is in the placeholders where `path`, decoded UTF-8, matches.
  [[nodiscard]] std::optional<PatternMatch> match(std::string_view path) const;

  /// The path, percent-encoded, that has these values in the placeholders. `/` is kept in them; a
  /// list's texts are joined with it. Throws KeyError, which names the placeholder, where a value
  /// is missing. Whether what a placeholder's regular expression asks is met is not looked at.
  [[nodiscard]] std::string generate(const RouteValues& values) const;

  /// The pattern as given, with its leading `/`.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The name behind `*`; empty where there is none.
  [[nodiscard]] const std::string& rest_name() const noexcept { return rest_name_; }
  /// The names of all placeholders, that behind `*` included.
  [[nodiscard]] std::vector<std::string> names() const;
  /// What each matching path begins with: the pattern up to its first placeholder.
  [[nodiscard]] std::string_view static_prefix() const noexcept { return prefix_; }

 private:
  struct Placeholder {
    std::string name;
    std::string regex;    // empty for the default
    std::string literal;  // what follows it
    std::size_t at = 0;   // where it stands in the pattern
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
