#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/utf8_validator.h>

namespace aiopyr {
namespace {

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span{text});
}

// Encodes by RFC 3629 section 3, written independently of the code under test.
std::string encode(std::uint32_t point) {
  const auto tail = [point](unsigned shift) {
    return static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0U | (point >> 6U)), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xE0U | (point >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (point >> 18U)), tail(12), tail(6), tail(0)};
}

// Returns how many bytes a validator takes one at a time before it fails; nullopt if it never does.
std::optional<std::size_t> first_bad_byte(std::string_view text) {
  Utf8Validator validator;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!validator.feed(as_bytes(text.substr(i, 1)))) return i;
  }
  return std::nullopt;
}

// Checks that the answer is the same for the text alone, inside a long text, and cut in two
// anywhere.
bool is_valid_in_all_ways(const std::string& text) {
  const bool valid = is_valid_utf8(text);
  const std::string padding(100, 'x');
  const std::string wide = "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  CHECK(is_valid_utf8(padding + text + padding) == valid);
  CHECK(is_valid_utf8(padding + wide + text) == valid);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Validator validator;
    const auto view = std::string_view{text};
    const bool fed =
        validator.feed(as_bytes(view.substr(0, cut))) && validator.feed(as_bytes(view.substr(cut)));
    CHECK((fed && validator.complete()) == valid);
  }
  return valid;
}

TEST_CASE("every code point but the surrogates is valid UTF-8") {
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (is_valid_utf8(encode(point)) == surrogate) FAIL("code point " << point);
  }
  CHECK_FALSE(is_valid_utf8(encode(0x110000)));
}

TEST_CASE("every sequence of two bytes has the validity that its code point gives it") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const bool ascii = first < 0x80 && second < 0x80;
      const bool pair = first >= 0xC2 && first <= 0xDF && second >= 0x80 && second <= 0xBF;
      if (is_valid_utf8(text) != (ascii || pair)) FAIL(first << " " << second);
    }
  }
}

TEST_CASE("the second byte of longer sequences is checked against the first") {
  for (unsigned first = 0xE0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string start{static_cast<char>(first), static_cast<char>(second)};
      const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
      const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
      const bool good = first <= 0xF4 && second >= low && second <= high;
      Utf8Validator validator;
      if (validator.feed(as_bytes(start)) != good) FAIL(first << " " << second);
      if (validator.complete() && good) FAIL("complete after two bytes of " << first);
    }
  }
}

TEST_CASE("the known boundary sequences are told apart") {
  const std::vector<std::string> good = {
      "",
      std::string(1, '\0'),
      "\x7F",
      "\xC2\x80",
      "\xDF\xBF",
      "\xE0\xA0\x80",
      "\xED\x9F\xBF",
      "\xEE\x80\x80",
      "\xEF\xBF\xBD",
      "\xEF\xBF\xBF",
      "\xF0\x90\x80\x80",
      "\xF4\x8F\xBF\xBF",
      "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5",
  };
  const std::vector<std::string> bad = {
      "\x80",                      // a continuation byte alone
      "\xBF",                      //
      "\xC0\x80",                  // overlong forms
      "\xC1\xBF",                  //
      "\xE0\x80\x80",              //
      "\xE0\x9F\xBF",              //
      "\xF0\x80\x80\x80",          //
      "\xF0\x8F\xBF\xBF",          //
      "\xF8\x88\x80\x80\x80",      // five and six bytes
      "\xFC\x84\x80\x80\x80\x80",  //
      "\xED\xA0\x80",              // surrogates
      "\xED\xBF\xBF",              //
      "\xED\xA0\x80\xED\xB0\x80",  //
      "\xF4\x90\x80\x80",          // above U+10FFFF
      "\xF5\x80\x80\x80",          //
      "\xFE",                      //
      "\xFF",                      //
      "\xC3",                      // cut short
      "\xE2\x82",                  //
      "\xF0\x9F\x98",              //
      "\xE2\x82x",                 // broken off by another character
      "\xC3\xC3\xA4",              //
  };
  for (const auto& text : good) CHECK(is_valid_in_all_ways(text));
  for (const auto& text : bad) CHECK_FALSE(is_valid_in_all_ways(text));
}

TEST_CASE("a bad byte is found at once, before the character is complete") {
  CHECK(first_bad_byte("\xF4\x90\x80\x80") == 1U);
  CHECK(first_bad_byte("\xED\xA0\x80") == 1U);
  CHECK(first_bad_byte("\xE0\x80\x80") == 1U);
  CHECK(first_bad_byte("\xF0\x90\x80x") == 3U);
  CHECK(first_bad_byte("abc\xC0") == 3U);
  CHECK(first_bad_byte("\xF5") == 0U);
  CHECK_FALSE(first_bad_byte("\xF4\x8F\xBF"));
}

TEST_CASE("a text that ends inside of a character is not complete") {
  Utf8Validator validator;
  CHECK(validator.complete());
  CHECK(validator.feed(as_bytes("abc\xE2\x82")));
  CHECK_FALSE(validator.complete());
  CHECK(validator.feed(as_bytes("\xAC")));
  CHECK(validator.complete());
}

TEST_CASE("reset forgets an open character") {
  Utf8Validator validator;
  CHECK(validator.feed(as_bytes("\xE0")));
  validator.reset();
  CHECK(validator.complete());
  CHECK(validator.feed(as_bytes("\xC2\x80")));
}

TEST_CASE("one bad byte is found wherever it is in a long text") {
  const std::string good(200, 'a');
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto text = good;
    text[i] = '\xFF';
    CHECK_FALSE(is_valid_utf8(text));
  }
}

TEST_CASE("a long text cut anywhere stays valid") {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Validator validator;
    const auto view = std::string_view{text};
    CHECK(validator.feed(as_bytes(view.substr(0, cut))));
    CHECK(validator.feed(as_bytes(view.substr(cut))));
    CHECK(validator.complete());
  }
}

}  // namespace
}  // namespace aiopyr
