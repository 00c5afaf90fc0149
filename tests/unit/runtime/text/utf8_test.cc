#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/utf8.h>

using namespace aiopyr;

TEST_CASE("valid UTF-8 has no error", "[web][utf8]") {
  for (const std::string_view text :
       {"", "plain", "\x7f", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xC3\xA9z"}) {
    CAPTURE(text);
    CHECK_FALSE(find_utf8_error(text).has_value());
  }
}

TEST_CASE("an UTF-8 error is described as Python describes it", "[web][utf8]") {
  const auto message = [](std::string_view text) {
    const auto error = find_utf8_error(text);
    return error ? describe(*error) : std::string("none");
  };
  CHECK(message("a\xff") ==
        "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte");
  CHECK(message("\xC3(") ==
        "'utf-8' codec can't decode byte 0xc3 in position 0: invalid continuation byte");
  CHECK(message("ab\xE2\x82") ==
        "'utf-8' codec can't decode byte 0xe2 in position 2: unexpected end of data");
}

TEST_CASE("overlong forms, surrogates and too large code points are errors", "[web][utf8]") {
  for (const std::string_view text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xC2\xC2", "\xF0\x90\x80"}) {
    CAPTURE(text);
    CHECK(find_utf8_error(text).has_value());
  }
}

TEST_CASE("ISO-8859-1 becomes UTF-8", "[web][utf8]") {
  CHECK(latin1_to_utf8("a\xE9\xFF") == "a\xC3\xA9\xC3\xBF");
}
