#include <cstdint>
#include <cstdio>
#include <cstring>

#include <aiopyr/runtime/web/utf8.h>

namespace aiopyr {
namespace {

constexpr std::string_view kBadStart = "invalid start byte";
constexpr std::string_view kBadContinuation = "invalid continuation byte";
constexpr std::string_view kTooShort = "unexpected end of data";

/// How a sequence may go on after its first byte (Unicode standard, table 3-7). The bounds of the
/// second byte are what keeps overlong forms and surrogates out.
struct Sequence {
  std::size_t length = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

Sequence sequence_of(unsigned char first) noexcept {
  if (first < 0x80) return {1};
  if (first >= 0xC2 && first <= 0xDF) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

/// Checks the sequence that starts at `at`; advances `at` behind it where it is right.
std::optional<std::string_view> check_sequence(std::string_view text, std::size_t& at) noexcept {
  const Sequence sequence = sequence_of(static_cast<unsigned char>(text[at]));
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

/// How many ASCII bytes `text` begins with at least: it is looked at eight bytes at a time, and at
/// single ones only where it ends.
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
