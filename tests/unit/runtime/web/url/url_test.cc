#include <catch2/catch.hpp>

#include "tests/unit/support/bad_request.h"
#include <aiopyr/runtime/web/url/url.h>

using namespace aiopyr;

TEST_CASE("url_quote leaves what is unreserved or safe", "[web][url]") {
  CHECK(url_quote("a b/c-._~?") == "a%20b/c-._~%3F");
  CHECK(url_quote("/", "") == "%2F");
  CHECK(url_quote("\xC3\xA9") == "%C3%A9");
  CHECK(url_quote("~!$&'()*+,;=:@/", kPathSafe) == "~!$&'()*+,;=:@/");
  CHECK(url_quote_plus("a b+c/%") == "a+b%2Bc%2F%25");
}

TEST_CASE("url_unquote keeps escapes that are none", "[web][url]") {
  CHECK(url_unquote("a%20b%2f+") == "a b/+");
  CHECK(url_unquote("%zz%4%") == "%zz%4%");
  CHECK(url_unquote("%%41") == "%A");
  CHECK(url_unquote_plus("a+b%2B") == "a b+");
  CHECK(url_unquote("%ff%00") == std::string("\xff\0", 2));
}

TEST_CASE("every byte survives quoting and unquoting", "[web][url]") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(url_unquote(url_quote(all)) == all);
  CHECK(url_unquote_plus(url_quote_plus(all)) == all);
}

TEST_CASE("a raw path with a bad escape or bad UTF-8 is a bad request", "[web][url]") {
  CHECK(decode_path("/caf%C3%A9/%2F") == "/caf\xC3\xA9//");
  CHECK_THAT(bad_request_of([] { static_cast<void>(decode_path("/a%2")); }),
             Catch::Contains("position 2"));
  CHECK_THAT(bad_request_of([] { static_cast<void>(decode_path("/%41%zz")); }),
             Catch::Contains("position 4"));
  CHECK_THAT(bad_request_of([] { static_cast<void>(decode_path("/%ff")); }),
             Catch::Contains("can't decode byte 0xff in position 1"));
}

TEST_CASE("a query is parsed as the URL standard says", "[web][url]") {
  CHECK(parse_query("a=1&b=two+words&a=%C3%A9") ==
        MultiDict{{"a", "1"}, {"b", "two words"}, {"a", "\xC3\xA9"}});
  CHECK(parse_query("&&flag&empty=&=value&a=b=c&") ==
        MultiDict{{"flag", ""}, {"empty", ""}, {"", "value"}, {"a", "b=c"}});
  CHECK(parse_query("").empty());
  CHECK(parse_query("a=1;b=2") == MultiDict{{"a", "1;b=2"}});
}

TEST_CASE("parameters that are not UTF-8 are bad requests", "[web][url]") {
  CHECK_THAT(bad_request_of([] { static_cast<void>(parse_query("q=%ff")); }),
             Catch::Contains("'q'") && Catch::Contains("0xff"));
  CHECK_THAT(bad_request_of([] { static_cast<void>(parse_query("%C3=1")); }),
             Catch::Contains("name"));
}

TEST_CASE("there may be so many parameters and no more", "[web][url]") {
  CHECK(parse_query("a&b&c", 3).size() == 3);
  CHECK_THAT(bad_request_of([] { static_cast<void>(parse_query("a&b&c&d", 3)); }),
             Catch::Contains("more than 3"));
}

TEST_CASE("url_encode is the reverse of parse_query", "[web][url]") {
  const MultiDict dict{{"a b", "1&2"}, {"", ""}, {"\xC3\xA9", "="}};
  CHECK(parse_query(url_encode(dict)) == dict);
}
