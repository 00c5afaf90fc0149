#include <algorithm>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr {

namespace {

constexpr std::string_view kUnreserved = "-._~";  // RFC 3986 section 2.3, with letters and digits

}  // namespace

bool is_percent_escape(std::string_view text, std::size_t at) noexcept {
  return text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
         hex_value(text[at + 2]) >= 0;
}

std::optional<std::size_t> find_bad_escape(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (!is_percent_escape(text, at)) return at;
  }
  return std::nullopt;
}

std::string percent_encode(std::string_view text, std::string_view safe) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_ascii_alnum(c) || kUnreserved.find(c) != std::string_view::npos ||
        safe.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

std::string percent_encode_plus(std::string_view text) {
  std::string result = percent_encode(text, " ");
  std::replace(result.begin(), result.end(), ' ', '+');
  return result;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_percent_escape(text, i)) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

}  // namespace aiopyr
