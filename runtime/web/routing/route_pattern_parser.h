#pragma once

#include <aiopyr/runtime/web/routing/route_pattern.h>

namespace aiopyr {

/// Parses a pattern's text, once, while the app is configured.
class RoutePattern::Parser {
 public:
  explicit Parser(RoutePattern& pattern) : pattern_(pattern), text_(pattern.text_) {}

  /// Parses the pattern. Throws ConfigurationError at the first error.
  void run();

  /// Throws the error, with the pattern and a position counted from 0.
  [[noreturn]] static void fail(std::string_view pattern, std::size_t at, std::string_view reason);

 private:
  void read_placeholder();
  void read_rest();
  void refuse_old_placeholders();
  [[nodiscard]] std::size_t find_closing_brace() const;
  [[nodiscard]] std::string read_name();
  void require_new(const std::string& name, std::size_t at) const;
  void append_literal(char c);
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }

  RoutePattern& pattern_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace aiopyr
