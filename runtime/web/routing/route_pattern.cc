#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/routing/route_pattern.h>
#include <aiopyr/runtime/web/routing/route_pattern_parser.h>
#include <aiopyr/runtime/web/url/path_segments.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

// Names the groups of placeholders itself: PCRE2 bounds a name's length.
std::string group_name(std::size_t index) { return "p" + std::to_string(index); }

std::string quoted_value(const RouteValues& values, const std::string& name) {
  const UrlValue* value = values.find(name);
  if (value == nullptr) throw KeyError("there is no value for its '" + name + "'");
  if (value->text() != nullptr) return url_quote(*value->text(), kPathSafe);
  std::string path;
  for (const std::string& segment : *value->list()) {
    if (&segment != &value->list()->front()) path += '/';
    path += url_quote(segment, kPathSafe);
  }
  return path;
}

}  // namespace

RoutePattern::RoutePattern(std::string_view pattern) {
  text_ = pattern.starts_with('/') ? std::string(pattern) : "/" + std::string(pattern);
  Parser(*this).run();
  if (!is_simple()) compile_regex();
}

std::optional<PatternMatch> RoutePattern::match(std::string_view path) const {
  if (!path.starts_with(prefix_)) return std::nullopt;
  return regex_ ? match_regex(path) : match_simple(path);
}

std::string RoutePattern::generate(const RouteValues& values) const {
  std::string path = url_quote(prefix_, "/");
  for (const Placeholder& placeholder : placeholders_) {
    path += quoted_value(values, placeholder.name);
    path += url_quote(placeholder.literal, "/");
  }
  if (!rest_name_.empty()) path += quoted_value(values, rest_name_);
  return path;
}

std::vector<std::string> RoutePattern::names() const {
  std::vector<std::string> names;
  for (const Placeholder& placeholder : placeholders_) names.push_back(placeholder.name);
  if (!rest_name_.empty()) names.push_back(rest_name_);
  return names;
}

/// Returns whether a `/`, the rest or the end follows each placeholder: then there is only one way
/// to match.
bool RoutePattern::is_simple() const noexcept {
  for (std::size_t i = 0; i < placeholders_.size(); ++i) {
    const Placeholder& placeholder = placeholders_[i];
    const bool is_last = i + 1 == placeholders_.size();
    if (!placeholder.regex.empty()) return false;
    if (placeholder.literal.empty() ? !is_last : placeholder.literal.front() != '/') return false;
  }
  return true;
}

std::string RoutePattern::to_regex() const {
  std::string regex = detail::regex_quote(prefix_);
  for (std::size_t i = 0; i < placeholders_.size(); ++i) {
    const Placeholder& placeholder = placeholders_[i];
    regex += "(?<" + group_name(i) + ">";
    regex += placeholder.regex.empty() ? "[^/]+" : placeholder.regex;
    regex += ")" + detail::regex_quote(placeholder.literal);
  }
  if (!rest_name_.empty()) regex += "(?<" + group_name(placeholders_.size()) + ">(?s:.*?))";
  return regex + "\\z";
}

void RoutePattern::compile_regex() {
  // Compiles each expression by itself first: errors get its position, and it cannot close our
  // group.
  for (const Placeholder& placeholder : placeholders_) {
    if (placeholder.regex.empty()) continue;
    try {
      static_cast<void>(detail::PathRegex(placeholder.regex));
    } catch (const detail::RegexError& error) {
      const std::size_t start = placeholder.at + placeholder.name.size() + 2;
      Parser::fail(text_, start + error.at(), error.what());
    }
  }
  try {
    regex_.emplace(to_regex());
  } catch (const detail::RegexError& error) {
    Parser::fail(text_, 0, error.what());
  }
  const std::size_t count = placeholders_.size() + (rest_name_.empty() ? 0 : 1);
  for (std::size_t i = 0; i < count; ++i) groups_.push_back(regex_->group(group_name(i)));
}

std::optional<PatternMatch> RoutePattern::match_simple(std::string_view path) const {
  PatternMatch match;
  path.remove_prefix(prefix_.size());
  for (const Placeholder& placeholder : placeholders_) {
    const std::string_view value = path.substr(0, path.find('/'));
    path.remove_prefix(value.size());
    if (value.empty() || !path.starts_with(placeholder.literal)) return std::nullopt;
    path.remove_prefix(placeholder.literal.size());
    match.values.emplace_back(placeholder.name, value);
  }
  if (!rest_name_.empty()) {
    match.rest = split_path_info(path);
  } else if (!path.empty()) {
    return std::nullopt;
  }
  return match;
}

std::optional<PatternMatch> RoutePattern::match_regex(std::string_view path) const {
  const auto groups = regex_->match(path);
  if (!groups) return std::nullopt;
  PatternMatch match;
  for (std::size_t i = 0; i < placeholders_.size(); ++i) {
    match.values.emplace_back(placeholders_[i].name, (*groups)[groups_[i]]);
  }
  if (!rest_name_.empty()) match.rest = split_path_info((*groups)[groups_.back()]);
  return match;
}

}  // namespace aiopyr
