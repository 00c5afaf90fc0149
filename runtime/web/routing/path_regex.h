#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::detail {

/// Says what is wrong with a regular expression, and at which position.
class RegexError : public ConfigurationError {
 public:
  RegexError(const std::string& reason, std::size_t at) : ConfigurationError(reason), at_(at) {}
  [[nodiscard]] std::size_t at() const noexcept { return at_; }

 private:
  std::size_t at_;
};

/// A compiled regular expression over UTF-8 text, in the part of Python's `re` syntax that PCRE2
/// shares. `\d` and `\w` know Unicode, as for Python's str.
///
/// Uses PCRE2 and not std::regex: paths come from clients, matching happens on the small stack of a
/// fiber, and std::regex recurses for each character. PCRE2's interpreter backtracks on the heap,
/// and its effort is bounded.
///
/// Immutable: matched from any thread.
class PathRegex {
 public:
  /// Throws RegexError if `pattern` is invalid.
  explicit PathRegex(const std::string& pattern);
  PathRegex(PathRegex&&) noexcept = default;
  PathRegex& operator=(PathRegex&&) noexcept = default;

  /// Returns the number of the group `(?<name>...)`. Requires: it exists.
  [[nodiscard]] int group(const std::string& name) const;

  /// Matches from the start of `text`; returns the text of each group, by its number. Throws Error
  /// if the match takes more steps than any sane pattern needs.
  [[nodiscard]] std::optional<std::vector<std::string_view>> match(std::string_view text) const;

 private:
  struct Code;
  struct Deleter {
    void operator()(Code* code) const noexcept;
  };
  std::unique_ptr<Code, Deleter> code_;
};

/// Returns `text` as a regular expression that matches only this text.
[[nodiscard]] std::string regex_quote(std::string_view text);

}  // namespace aiopyr::detail
