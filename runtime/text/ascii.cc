#include <algorithm>
#include <array>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/octets.h>
#include <aiopyr/runtime/text/utf8.h>

namespace aiopyr {
namespace {

constexpr std::string_view kWhitespace = " \t\r\n";
constexpr std::size_t kShown = 60;

}  // namespace

bool ascii_iequals(std::string_view a, std::string_view b) noexcept {
  // Compares directly first: most names are in their usual spelling.
  if (a == b) return true;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = ascii_lower(c);
  return result;
}

std::string_view trim_whitespace(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhitespace) - first + 1);
}

std::string_view take_until(std::string_view& text, char separator) noexcept {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

bool is_http_token(std::string_view text) noexcept {
  return !text.empty() && detail::all_octets(text, detail::kTokenOctet);
}

std::string html_escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#x27;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

bool is_truthy(std::string_view text) noexcept {
  static constexpr std::array<std::string_view, 6> kTruthy{"t", "true", "y", "yes", "on", "1"};
  const std::string_view word = trim_whitespace(text);
  return std::any_of(kTruthy.begin(), kTruthy.end(),
                     [word](std::string_view truthy) { return ascii_iequals(word, truthy); });
}

std::string printable(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const bool cut = text.size() > kShown;
  text = text.substr(0, kShown);
  const bool is_text = !find_utf8_error(text).has_value();
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F && (byte < 0x80 || is_text)) {
      result += c;
    } else {
      result += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return cut ? result + "..." : result;
}

}  // namespace aiopyr
