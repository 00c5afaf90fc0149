#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/authority.h>

using namespace aiopyr;

namespace {

/// Returns host and port with a bar between.
std::string split(std::string_view text) {
  const Authority authority = split_authority(text);
  return std::string(authority.host).append("|").append(authority.port);
}

std::string split_start(std::string_view url) {
  const UrlStart start = split_url_start(url);
  return std::string(start.scheme)
      .append("|")
      .append(start.authority)
      .append("|")
      .append(start.rest);
}

}  // namespace

TEST_CASE("an authority is a host and a port, or a host alone") {
  CHECK(split("example.com:8080") == "example.com|8080");
  CHECK(split("example.com") == "example.com|");
  CHECK(split("example.com:") == "example.com|");
  CHECK(split("").size() == 1);
}

TEST_CASE("the colons of an IPv6 address are not its port's") {
  CHECK(split("[::1]:8080") == "[::1]|8080");
  CHECK(split("[::1]") == "[::1]|");
  CHECK(split("[2001:db8::7]:") == "[2001:db8::7]|");
}

TEST_CASE("an authority has a host, and a port that is a number") {
  for (const std::string_view text :
       {"a", "a:", "a:0", "a:65535", "a.b-c_d~e:1", "a%41", "1.2.3.4", "[::]",
        "[::1]:", "[1:2:3:4:5:6:7:8]:9", "[::ffff:1.2.3.4]"}) {
    CAPTURE(text);
    CHECK(is_authority(text));
  }
  for (const std::string_view text : {"",
                                      ":",
                                      ":1",
                                      "a:b",
                                      "a:b:1",
                                      "a:1:2",
                                      "a:65536",
                                      "a:99999999999999999999",
                                      "a:+1",
                                      "a: 1",
                                      "a%",
                                      "a%4",
                                      "a%zz",
                                      "a@b",
                                      "a/b",
                                      "a?b",
                                      "a#b",
                                      "a b",
                                      "a\tb",
                                      "a]",
                                      "[a",
                                      "[a]",
                                      "[]",
                                      "[",
                                      "]",
                                      "::1",
                                      "[::1]]",
                                      "[[::1]]",
                                      "[::1]1",
                                      "[::1%25eth0]",
                                      "[v1.a]",
                                      "\xC3\xA9",
                                      "[1:2:3:4:5:6:7:8:9]",
                                      "[::ffff:255.255.255.255:ffff:ffff:ffff:ffff:ffff:ffff]"}) {
    CAPTURE(text);
    CHECK_FALSE(is_authority(text));
  }
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\0"sv, "a\0"sv, "a\0:80"sv, "a:80\0"sv, "[::1\0]"sv,
                                      "[::1\0x]"sv, "[\0]"sv, "[::1]\0"sv, "[::1]:80\0"sv}) {
    CAPTURE(text);
    CHECK_FALSE(is_authority(text));
  }
}

TEST_CASE("a port is a number, written in one way") {
  CHECK(plain_port("80") == "80");
  CHECK(plain_port("080") == "80");
  CHECK(plain_port("65535") == "65535");
  for (const char* text : {"", "0", "00", "65536", "8o", "-1", " 1"}) CHECK_FALSE(plain_port(text));
}

TEST_CASE("a scheme has its port, and an unknown one has none") {
  CHECK(default_port("http") == "80");
  CHECK(default_port("https") == "443");
  CHECK(default_port("ftp").empty());
  CHECK(default_port("").empty());
}

TEST_CASE("a URL begins with a scheme and an authority") {
  CHECK(split_start("https://a.example:8/b?c#d") == "https|a.example:8|/b?c#d");
  CHECK(split_start("http://a.example") == "http|a.example|");
  CHECK(split_start("http://a.example?x=/") == "http|a.example|?x=/");
  CHECK(split_start("http://[::1]/x") == "http|[::1]|/x");
}

TEST_CASE("what has no scheme is not the beginning of a URL") {
  CHECK(split_start("/path?u=1") == "||/path?u=1");
  CHECK(split_start("null") == "||null");
}
