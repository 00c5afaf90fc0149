#include <algorithm>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/base64.h>
#include <aiopyr/runtime/web/forms/transfer_encoding.h>

namespace aiopyr::detail {
namespace {

/// Decodes base64 in lines, as in mail.
std::optional<std::string> decode_base64_lines(std::string_view content) {
  std::string text;
  text.reserve(content.size());
  for (const char c : content) {
    if (c != '\r' && c != '\n' && c != ' ' && c != '\t') text += c;
  }
  return base64_decode(text);
}

/// Returns how many bytes of `text`, which begins with `=`, are a soft line break (RFC 2045 section
/// 6.7).
std::size_t soft_break_length(std::string_view text) noexcept {
  if (text.substr(1, 2) == "\r\n") return 3;
  return text.substr(1, 1) == "\n" ? 2 : 0;
}

bool is_escape(std::string_view text) noexcept {
  return text.size() >= 3 && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
}

/// Decodes quoted-printable. An invalid `=` stands for itself, as the same section advises.
std::string decode_quoted_printable(std::string_view content) {
  std::string result;
  result.reserve(content.size());
  while (true) {
    const auto equals = std::min(content.find('='), content.size());
    result += content.substr(0, equals);
    content.remove_prefix(equals);
    if (content.empty()) return result;
    if (const auto length = soft_break_length(content)) {
      content.remove_prefix(length);
    } else if (is_escape(content)) {
      result += static_cast<char>(hex_value(content[1]) * 16 + hex_value(content[2]));
      content.remove_prefix(3);
    } else {
      result += '=';
      content.remove_prefix(1);
    }
  }
}

}  // namespace

std::optional<std::string> decode_transfer(std::string_view encoding, std::string_view content) {
  if (encoding == "base64") return decode_base64_lines(content);
  if (encoding == "quoted-printable") return decode_quoted_printable(content);
  return std::string(content);
}

}  // namespace aiopyr::detail
