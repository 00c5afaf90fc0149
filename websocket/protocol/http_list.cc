#include <algorithm>

#include <aiopyr/websocket/protocol/http_list.h>

namespace aiopyr::websocket::detail {
namespace {

constexpr std::string_view kBlanks = " \t";

// Not std::tolower: header values do not depend on the locale.
constexpr char to_lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool is_token_character(char letter) noexcept {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  const char lower = to_lower(letter);
  return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') ||
         kPunctuation.find(letter) != std::string_view::npos;
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
}

std::vector<std::string_view> split_list(std::string_view value) {
  std::vector<std::string_view> elements;
  while (!value.empty()) {
    const auto comma = value.find(',');
    if (const auto element = trim(value.substr(0, comma)); !element.empty()) {
      elements.push_back(element);
    }
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
  return elements;
}

bool list_contains(std::string_view value, std::string_view element) {
  const auto elements = split_list(value);
  return std::any_of(elements.begin(), elements.end(), [element](std::string_view candidate) {
    return equals_ignoring_case(candidate, element);
  });
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

}  // namespace aiopyr::websocket::detail
