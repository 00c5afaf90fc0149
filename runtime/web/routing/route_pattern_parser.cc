#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/routing/route_pattern_parser.h>

namespace aiopyr {

namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

}  // namespace

void RoutePattern::Parser::run() {
  while (!at_end()) {
    const char c = text_[at_];
    if (c == '{') {
      read_placeholder();
    } else if (c == '*') {
      read_rest();
    } else if (c == '}') {
      fail(text_, at_, "a '}' without its '{'");
    } else {
      append_literal(c);
      ++at_;
    }
  }
  if (pattern_.placeholders_.empty()) refuse_old_placeholders();
}

/// Refuses `:name`: Pyramid still accepts such placeholders in patterns without `{name}`.
void RoutePattern::Parser::refuse_old_placeholders() {
  for (auto colon = text_.find(':'); colon != std::string_view::npos;
       colon = text_.find(':', colon + 1)) {
    at_ = colon + 1;
    if (at_end() || !starts_name(text_[at_])) continue;
    const std::string name = read_name();
    std::string why = "':" + name;
    why.append("' is how placeholders were written once: write '{").append(name).append("}'");
    fail(text_, colon, why);
  }
}

void RoutePattern::Parser::read_placeholder() {
  const std::size_t opening = at_;
  const std::size_t closing = find_closing_brace();
  ++at_;
  Placeholder placeholder;
  placeholder.at = opening;
  placeholder.name = read_name();
  require_new(placeholder.name, opening);
  if (text_[at_] == ':') {
    placeholder.regex = text_.substr(at_ + 1, closing - at_ - 1);
    if (placeholder.regex.empty()) fail(text_, at_ + 1, "an empty regular expression");
  } else if (at_ != closing) {
    fail(text_, at_, "a name ends with '}' or with ':' and a regular expression");
  }
  pattern_.placeholders_.push_back(std::move(placeholder));
  at_ = closing + 1;
}

void RoutePattern::Parser::read_rest() {
  const std::size_t star = at_++;
  pattern_.rest_name_ = read_name();
  if (!at_end()) fail(text_, star, "'*name' may stand at the end only");
  // The name of the rest is set already, so it is compared only with the placeholders.
  for (const Placeholder& placeholder : pattern_.placeholders_) {
    if (placeholder.name == pattern_.rest_name_) fail(text_, star, "the name is used twice");
  }
}

/// Allows one inner level of braces, as pyramid.urldispatch, for repetitions such as `\d{4}`.
std::size_t RoutePattern::Parser::find_closing_brace() const {
  int depth = 0;
  for (std::size_t i = at_; i < text_.size(); ++i) {
    if (text_[i] == '{' && ++depth > 2) fail(text_, i, "braces within braces within braces");
    if (text_[i] == '}' && --depth == 0) return i;
  }
  fail(text_, at_, "a '{' without its '}'");
}

std::string RoutePattern::Parser::read_name() {
  const std::size_t begin = at_;
  if (at_end() || !starts_name(text_[at_])) {
    fail(text_, at_, "a name is expected, of letters, digits and '_', not beginning with a digit");
  }
  while (!at_end() && continues_name(text_[at_])) ++at_;
  return std::string(text_.substr(begin, at_ - begin));
}

void RoutePattern::Parser::require_new(const std::string& name, std::size_t at) const {
  for (const Placeholder& placeholder : pattern_.placeholders_) {
    if (placeholder.name == name) fail(text_, at, "the name is used twice");
  }
}

void RoutePattern::Parser::append_literal(char c) {
  auto& placeholders = pattern_.placeholders_;
  (placeholders.empty() ? pattern_.prefix_ : placeholders.back().literal) += c;
}

void RoutePattern::Parser::fail(std::string_view pattern, std::size_t at, std::string_view reason) {
  throw ConfigurationError("route pattern '" + std::string(pattern) + "', position " +
                           std::to_string(at) + ": " + std::string(reason));
}

}  // namespace aiopyr
