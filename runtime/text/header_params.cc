#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/header_params.h>

namespace aiopyr {
namespace {

bool is_quoted_pair(std::string_view text, std::size_t at) noexcept {
  return text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
}

/// Returns the position of the next `delimiter` that is not quoted, or the end.
std::size_t find_unquoted(std::string_view text, char delimiter) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && is_quoted_pair(text, i)) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == delimiter && !quoted) {
      return i;
    }
  }
  return text.size();
}

/// Cuts the first element off `text`.
std::string_view pop_element(std::string_view& text, char delimiter) noexcept {
  const auto end = find_unquoted(text, delimiter);
  const std::string_view element = trim_whitespace(text.substr(0, end));
  text.remove_prefix(end < text.size() ? end + 1 : end);
  return element;
}

std::string unquote(std::string_view text) {
  if (text.empty() || text[0] != '"') return std::string(text);
  text.remove_prefix(1);
  std::string result;
  for (std::size_t i = 0; i < text.size() && text[i] != '"'; ++i) {
    if (is_quoted_pair(text, i)) ++i;
    result += text[i];
  }
  return result;
}

}  // namespace

const std::string* HeaderValue::find(std::string_view name) const noexcept {
  for (const auto& [param, text] : params) {
    if (param == name) return &text;
  }
  return nullptr;
}

HeaderValue parse_header_value(std::string_view text) {
  HeaderValue result;
  result.value = ascii_lower(pop_element(text, ';'));
  while (!text.empty()) {
    const std::string_view param = pop_element(text, ';');
    const auto equals = param.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    result.params.emplace_back(ascii_lower(trim_whitespace(param.substr(0, equals))),
                               unquote(trim_whitespace(param.substr(equals + 1))));
  }
  return result;
}

std::vector<std::string_view> split_header_list(std::string_view text) {
  std::vector<std::string_view> elements;
  while (!text.empty()) {
    const std::string_view element = pop_element(text, ',');
    if (!element.empty()) elements.push_back(element);
  }
  return elements;
}

bool header_list_contains(std::string_view text, std::string_view element) noexcept {
  if (ascii_iequals(text, element)) return true;  // usually
  while (!text.empty()) {
    if (ascii_iequals(pop_element(text, ','), element)) return true;
  }
  return false;
}

}  // namespace aiopyr
