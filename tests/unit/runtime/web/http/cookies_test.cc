#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/http/http_date.h>

using namespace aiopyr;
using namespace std::chrono_literals;

TEST_CASE("a Cookie header gives names and values, the last of a name wins", "[web][cookies]") {
  CHECK(parse_cookies("a=1; b=2;c=3; a=4") == Cookies{{"a", "4"}, {"b", "2"}, {"c", "3"}});
  CHECK(parse_cookies("").empty());
  CHECK(parse_cookies("token=ab==!x") == Cookies{{"token", "ab==!x"}});
}

TEST_CASE("broken pieces of a Cookie header are skipped", "[web][cookies]") {
  CHECK(parse_cookies("; ;=;a;b b=1;\xff=2;ok=3;$Version=1;path=/") == Cookies{{"ok", "3"}});
  CHECK(parse_cookies("a=1;b") == Cookies{{"a", "1"}});
  CHECK(parse_cookies("a=") == Cookies{{"a", ""}});
}

TEST_CASE("quoted values lose quotes and escapes", "[web][cookies]") {
  CHECK(parse_cookies(R"(a="x; y\054\"z"; b=2)") == Cookies{{"a", "x; y,\"z"}, {"b", "2"}});
  CHECK(parse_cookies(R"(a="open; b=2)") == Cookies{{"a", "\"open"}, {"b", "2"}});
  CHECK(parse_cookies("a=\"") == Cookies{{"a", "\""}});
  CHECK(parse_cookies("a=\"\\") == Cookies{{"a", "\"\\"}});
}

TEST_CASE("escapes count outside of quotes too, as in WebOb", "[web][cookies]") {
  CHECK(parse_cookies(R"(a=\303\251; b="\303\251"; c=x\303\251y)") ==
        Cookies{{"a", "\xC3\xA9"}, {"b", "\xC3\xA9"}, {"c", "x\xC3\xA9y"}});
  CHECK(parse_cookies(R"(a=\054; b=\\; c=\"q\"; d=x\y; e=\400; f=\18; g=\3)") ==
        Cookies{{"a", ","},
                {"b", "\\"},
                {"c", "\"q\""},
                {"d", "xy"},
                {"e", "400"},
                {"f", "18"},
                {"g", "3"}});
  CHECK(parse_cookies(R"(a=b\;c; d=1)") == Cookies{{"a", "b;c"}, {"d", "1"}});
  CHECK(parse_cookies(R"(a=b\)") == Cookies{{"a", "b\\"}});
}

TEST_CASE("values that are not UTF-8 are read as ISO-8859-1", "[web][cookies]") {
  CHECK(parse_cookies("a=\xE9") == Cookies{{"a", "\xC3\xA9"}});
  CHECK(parse_cookies("a=\xC3\xA9") == Cookies{{"a", "\xC3\xA9"}});
}

TEST_CASE("Set-Cookie has WebOb's form", "[web][cookies]") {
  CHECK(make_cookie("a", "1") == "a=1; Path=/");
  CookieOptions options;
  options.domain = "example.com";
  options.path = "/x";
  options.secure = true;
  options.httponly = true;
  options.samesite = "Lax";
  options.max_age = 60s;
  options.expires = std::chrono::system_clock::from_time_t(784111777);
  CHECK(make_cookie("a", "1", options) ==
        "a=1; Domain=example.com; Max-Age=60; Path=/x; expires=Sun, 06-Nov-1994 08:49:37 GMT; "
        "secure; HttpOnly; SameSite=Lax");
}

TEST_CASE("max_age sets the expiry date too, however large it is", "[web][cookies]") {
  CHECK_THAT(make_cookie("a", "1", {.max_age = 60s}),
             Catch::Contains("Max-Age=60") && Catch::Contains("; expires="));
  CHECK_THAT(make_cookie("a", "1", {.max_age = std::chrono::seconds::max()}),
             Catch::Contains("; expires="));
}

TEST_CASE("a forgotten cookie has WebOb's date", "[web][cookies]") {
  CHECK(make_expired_cookie("a") == "a=; Max-Age=0; Path=/; expires=Wed, 31-Dec-97 23:59:59 GMT");
}

TEST_CASE("every value survives the way to the browser and back", "[web][cookies]") {
  std::string value;
  for (int byte = 0; byte < 128; ++byte) value += static_cast<char>(byte);
  value += "\xC3\xA9; \"";
  const std::string header = make_cookie("a", value, {.path = ""});
  CHECK(header.find_first_of("\r\n") == std::string::npos);
  CHECK(parse_cookies(header) == Cookies{{"a", value}});
}

TEST_CASE("a cookie that would break the header is refused", "[web][cookies]") {
  for (const char* name : {"", "a b", "a=b", "a;", "$x", "Path", "a\r\n"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(make_cookie(name, "1"), Error);
    CHECK_THROWS_AS(make_expired_cookie(name), Error);
  }
  CHECK_THROWS_AS(make_cookie("a", "1", {.path = "/; HttpOnly"}), Error);
  CHECK_THROWS_AS(make_cookie("a", "1", {.domain = "x\r\nSet-Cookie: b=2"}), Error);
  CHECK_THROWS_AS(make_cookie("a", "1", {.samesite = "sometimes"}), Error);
  CHECK_THROWS_AS(make_cookie("a", "1", {.samesite = "none"}), Error);
  CHECK_NOTHROW(make_cookie("a", "1", {.secure = true, .samesite = "none"}));
}

TEST_CASE("dates are those of HTTP", "[web][cookies]") {
  CHECK(http_date(std::chrono::system_clock::from_time_t(784111777)) ==
        "Sun, 06 Nov 1994 08:49:37 GMT");
}
