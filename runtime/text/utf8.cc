#include <cstdint>
#include <cstdio>
#include <cstring>

#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/text/utf8_sequence.h>

namespace aiopyr {
namespace {

constexpr std::string_view kBadStart = "invalid start byte";
constexpr std::string_view kBadContinuation = "invalid continuation byte";
constexpr std::string_view kTooShort = "unexpected end of data";

/// Checks the sequence that starts at `at`; moves `at` behind it if it is valid.
std::optional<std::string_view> check_sequence(std::string_view text, std::size_t& at) noexcept {
  const auto sequence = detail::utf8_sequence_of(static_cast<unsigned char>(text[at]));
  if (sequence.length == 0) return kBadStart;
  for (std::size_t i = 1; i < sequence.length; ++i) {
    if (at + i >= text.size()) return kTooShort;
    const auto byte = static_cast<unsigned char>(text[at + i]);
    const unsigned char low = i == 1 ? sequence.second_min : 0x80;
    const unsigned char high = i == 1 ? sequence.second_max : 0xBF;
    if (byte < low || byte > high) return kBadContinuation;
  }
  at += sequence.length;
  return std::nullopt;
}

/// Returns a lower bound of the number of ASCII bytes that `text` begins with: it reads eight bytes
/// at a time, and single ones only at the end.
std::size_t leading_ascii_octets(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
  std::size_t at = 0;
  for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) return at;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::optional<Utf8Error> find_utf8_error(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t ascii = leading_ascii_octets(text.substr(at))) {
      at += ascii;
      continue;
    }
    if (const auto reason = check_sequence(text, at)) {
      return Utf8Error{at, static_cast<unsigned char>(text[at]), *reason};
    }
  }
  return std::nullopt;
}

std::string describe(const Utf8Error& error) {
  char byte[8];
  std::snprintf(byte, sizeof byte, "0x%02x", static_cast<unsigned>(error.byte));
  return std::string("'utf-8' codec can't decode byte ") + byte + " in position " +
         std::to_string(error.position) + ": " + std::string(error.reason);
}

std::string latin1_to_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      result += c;
    } else {
      result += static_cast<char>(0xC0 | (byte >> 6));
      result += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return result;
}

}  // namespace aiopyr
