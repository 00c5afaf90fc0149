#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/origin.h>

namespace aiopyr::websocket {
namespace {

TEST_CASE("the same origin is the same scheme, host and port") {
  CHECK(is_same_origin("http://example.com", "http", "example.com"));
  CHECK(is_same_origin("http://example.com:6543", "http", "example.com:6543"));
  CHECK_FALSE(is_same_origin("http://example.com", "https", "example.com"));
  CHECK_FALSE(is_same_origin("http://example.com", "http", "example.org"));
  CHECK_FALSE(is_same_origin("http://example.com:1", "http", "example.com:2"));
  CHECK_FALSE(is_same_origin("http://example.com:8080", "http", "example.com"));
}

TEST_CASE("default ports are equal to absent ones") {
  CHECK(is_same_origin("http://example.com", "http", "example.com:80"));
  CHECK(is_same_origin("https://example.com:443", "https", "example.com"));
  CHECK_FALSE(is_same_origin("https://example.com", "https", "example.com:80"));
}

TEST_CASE("the case of letters does not count in an origin") {
  CHECK(is_same_origin("HTTP://Example.COM", "http", "eXample.com"));
}

TEST_CASE("IPv6 addresses keep their colons") {
  CHECK(is_same_origin("http://[::1]:6543", "http", "[::1]:6543"));
  CHECK(is_same_origin("http://[::1]", "http", "[::1]:80"));
  CHECK_FALSE(is_same_origin("http://[::1]", "http", "[::2]"));
}

TEST_CASE("an unknown scheme is not compared") {
  CHECK(is_same_origin("https://example.com", "", "example.com"));
  CHECK(is_same_origin("https://example.com", "", "example.com:443"));
  CHECK_FALSE(is_same_origin("https://example.com", "", "example.org"));
}

TEST_CASE("websocket schemes are those of their pages") {
  CHECK(is_same_origin("https://example.com", "wss", "example.com"));
  CHECK(is_same_origin("http://example.com", "ws", "example.com"));
}

TEST_CASE("what is no web page's origin is never the same") {
  for (const auto* origin : {"null", "", "example.com", "://", "http://", "ftp://example.com",
                             "http://example.com@evil.com", "http://evil.com/example.com"}) {
    CHECK_FALSE(is_same_origin(origin, "http", "example.com"));
  }
  CHECK_FALSE(is_same_origin("http://", "http", ""));
  CHECK_FALSE(is_same_origin("http://:80", "http", ":80"));
}

TEST_CASE("an absent origin is allowed, as no browser sends it") {
  CHECK(OriginPolicy{}.allows("", "http", "example.com"));
  CHECK(OriginPolicy::from_setting("http://other.com").allows("", "http", "example.com"));
}

TEST_CASE("a list allows its origins and only those") {
  const auto policy = OriginPolicy::from_setting("https://a.com, https://b.com:8443 null");
  CHECK(policy.allows("https://A.com", "http", "example.com"));
  CHECK(policy.allows("https://a.com:443", "http", "example.com"));
  CHECK(policy.allows("https://b.com:8443", "http", "example.com"));
  CHECK(policy.allows("null", "http", "example.com"));
  CHECK_FALSE(policy.allows("http://a.com", "http", "example.com"));
  CHECK_FALSE(policy.allows("https://b.com", "http", "example.com"));
  CHECK_FALSE(policy.allows("http://example.com", "http", "example.com"));
}

TEST_CASE("a list may name a browser extension") {
  const auto policy = OriginPolicy::from_setting("chrome-extension://abcdef");
  CHECK(policy.allows("chrome-extension://abcdef", "http", "example.com"));
  CHECK_FALSE(policy.allows("chrome-extension://other", "http", "example.com"));
}

TEST_CASE("self in a list stands for the same origin") {
  const auto policy = OriginPolicy::from_setting("self https://a.com");
  CHECK(policy.allows("http://example.com", "http", "example.com"));
  CHECK(policy.allows("https://a.com", "http", "example.com"));
  CHECK_FALSE(policy.allows("https://b.com", "http", "example.com"));
}

TEST_CASE("an empty setting is the same origin and a star is every page") {
  CHECK(OriginPolicy::from_setting(" ").allows("http://example.com", "http", "example.com"));
  CHECK_FALSE(OriginPolicy::from_setting("").allows("http://a.com", "http", "example.com"));
  CHECK(OriginPolicy::from_setting("*").allows("null", "http", "example.com"));
}

}  // namespace
}  // namespace aiopyr::websocket
