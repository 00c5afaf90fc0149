#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/ascii.h>

using namespace aiopyr;

TEST_CASE("html_escape escapes all five characters and nothing else", "[web][ascii]") {
  CHECK(html_escape("<a href=\"x\">'&'</a>") ==
        "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;&#x27;&lt;/a&gt;");
  CHECK(html_escape("\xC3\xA9 plain") == "\xC3\xA9 plain");
}

TEST_CASE("Pyramid's truthy strings are true in any case", "[web][ascii]") {
  for (const std::string_view word : {"t", "TRUE", "y", "Yes", "on", "1", " true "}) {
    CAPTURE(word);
    CHECK(is_truthy(word));
  }
  for (const std::string_view word : {"", "0", "false", "no", "off", "2", "tru", "true!"}) {
    CAPTURE(word);
    CHECK_FALSE(is_truthy(word));
  }
}

TEST_CASE("a token is one or more of RFC 9110's characters", "[web][ascii]") {
  CHECK(is_http_token("X-Name_1!"));
  for (const std::string_view bad : {"", "a b", "a:", "a\r", "\xC3\xA9", "a\"", "a,b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_http_token(bad));
  }
}

TEST_CASE("printable shows control characters and broken UTF-8 as escapes, and cuts",
          "[web][ascii]") {
  CHECK(printable("a\r\n\x01") == "a\\x0d\\x0a\\x01");
  CHECK(printable("\xC3\xA9") == "\xC3\xA9");
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable(std::string(100, 'x')) == std::string(60, 'x') + "...");
}
