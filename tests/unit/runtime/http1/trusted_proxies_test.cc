#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/http1/trusted_proxies.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

TrustedProxies proxies(std::string_view list) {
  TrustedProxies trusted;
  REQUIRE(trusted.add(list).empty());
  return trusted;
}

/// Returns `address:port scheme host|host_port` as told, `-` for the peer that has connected; or
/// "malformed".
std::string told(const ForwardingHeaders& headers) {
  const auto client = told_client(proxies("10.0.0.0/8 2001:db8::/32"), headers);
  if (!client) return "malformed";
  std::string shown = client->address ? "<" + *client->address + ">" : "-";
  if (!client->port.empty()) shown += ":" + client->port;
  for (const std::string* text : {&client->scheme, &client->host, &client->host_port}) {
    if (!text->empty()) shown += " " + *text;
  }
  return shown;
}

std::string told_for(std::string_view x_forwarded_for) {
  return told({.x_forwarded_for = x_forwarded_for});
}

}  // namespace

TEST_CASE("proxies are named by addresses, networks and unix:") {
  TrustedProxies trusted;
  CHECK(trusted.empty());
  CHECK(trusted.add("127.0.0.1  10.0.0.0/8,unix:\t2001:db8::/32").empty());
  CHECK_FALSE(trusted.empty());
  CHECK(trusted.trust_unix());
  CHECK(trusted.trust(*IpAddress::parse("127.0.0.1")));
  CHECK(trusted.trust(*IpAddress::parse("::ffff:10.2.3.4")));
  CHECK(trusted.trust(*IpAddress::parse("2001:db8::5")));
  CHECK_FALSE(trusted.trust(*IpAddress::parse("127.0.0.2")));
  CHECK_FALSE(proxies("127.0.0.1").trust_unix());
  CHECK_FALSE(proxies("unix:").trust(*IpAddress::parse("127.0.0.1")));
}

TEST_CASE("a misprint among them is named, and none of the list is taken") {
  TrustedProxies trusted;
  CHECK_THAT(trusted.add("127.0.0.1 10.0.0.0.0/8"), Contains("'10.0.0.0.0/8'"));
  CHECK_THAT(trusted.add("10.0.0.1/8"), Contains("write 10.0.0.0/8"));
  CHECK_THAT(trusted.add("unix"), Contains("write unix:"));
  CHECK_THAT(trusted.add("*"), Contains("'*'"));
  CHECK_THAT(trusted.add(""), Contains("nobody"));
  CHECK_THAT(trusted.add(" , "), Contains("nobody"));
  CHECK(trusted.empty());
}

TEST_CASE("the client is the first from the right that is not trusted") {
  CHECK(told_for("1.2.3.4") == "<1.2.3.4>");
  CHECK(told_for("9.9.9.9, 1.2.3.4") == "<1.2.3.4>");
  CHECK(told_for("9.9.9.9, 1.2.3.4, 10.0.0.1") == "<1.2.3.4>");
  CHECK(told_for("1.2.3.4:567 ,10.0.0.2,\t2001:db8::9") == "<1.2.3.4>:567");
  CHECK(told_for("[2001:db9::1]:8, [2001:db8::9]:9") == "<2001:db9::1>:8");
  CHECK(told_for("::ffff:1.2.3.4, ::ffff:10.0.0.1") == "<1.2.3.4>");
}

TEST_CASE("where all are trusted, the client is the first of them") {
  CHECK(told_for("10.0.0.9") == "<10.0.0.9>");
  CHECK(told_for("10.0.0.9, 10.0.0.8") == "<10.0.0.9>");
}

TEST_CASE("what a client has written before the proxies did is never looked at") {
  CHECK(told_for("10.0.0.9, garbage\", 1.2.3.4") == "<1.2.3.4>");
  CHECK(told_for("127.0.0.1, unknown, 1.2.3.4, 10.0.0.1") == "<1.2.3.4>");
}

TEST_CASE("a client that a trusted proxy hides has no address") {
  CHECK(told_for("1.2.3.4, unknown") == "<>");
  CHECK(told({.forwarded = "for=10.0.0.9, for=_secret"}) == "<>");
}

TEST_CASE("what is believed and makes no sense is malformed") {
  for (const char* text : {"garbage", "1.2.3.4, garbage", "1.2.3.4 5.6.7.8", "1.2.3.4:x",
                           "garbage, 10.0.0.1", "localhost"}) {
    CHECK(told_for(text) == "malformed");
  }
  for (const char* text : {"ftp", "https http", "javascript", "http, x"}) {
    CHECK(told({.x_forwarded_proto = text}) == "malformed");
  }
  for (const char* text : {"a b", "a:b:c", "a/b", "u@a", "a:0", "a:00", "[::1]:0"}) {
    CHECK(told({.x_forwarded_host = text}) == "malformed");
  }
  for (const char* text : {"65536", "-1", "x", "80 81", "0", "000"}) {
    CHECK(told({.x_forwarded_port = text}) == "malformed");
  }
  CHECK(told({.forwarded = "for=1.2.3.4;proto=x"}) == "malformed");
  CHECK(told({.forwarded = "for=1.2.3.4;host=\"a:0\""}) == "malformed");
}

TEST_CASE("headers that are empty tell nothing") {
  CHECK(told({}) == "-");
  CHECK(told({.x_forwarded_for = " , ", .x_forwarded_proto = ",", .x_forwarded_host = " "}) == "-");
  CHECK(told({.forwarded = " , "}) == "-");
}

TEST_CASE("scheme, host and port are those that were told with the client") {
  CHECK(told({.x_forwarded_for = "1.2.3.4",
              .x_forwarded_proto = "HTTPS",
              .x_forwarded_host = "a.example",
              .x_forwarded_port = "8443"}) == "<1.2.3.4> https a.example 8443");
  CHECK(told({.x_forwarded_proto = "wss"}) == "- https");
  // Each proxy has added one; the client had begun the lists.
  CHECK(told({.x_forwarded_for = "9.9.9.9, 1.2.3.4, 10.0.0.1",
              .x_forwarded_proto = "ftp, https, http",
              .x_forwarded_host = "evil, a.example, b.example",
              .x_forwarded_port = "x, 443, 80"}) == "<1.2.3.4> https a.example 443");
  // Only one proxy has told the scheme.
  CHECK(told({.x_forwarded_for = "1.2.3.4, 10.0.0.1", .x_forwarded_proto = "https"}) ==
        "<1.2.3.4> https");
  CHECK(told({.x_forwarded_proto = "http, https"}) == "- https");
}

TEST_CASE("ports are numbers, and are told without leading zeros") {
  CHECK(told({.x_forwarded_port = "00443"}) == "- 443");
  CHECK(told({.x_forwarded_host = "a.example:00443"}) == "- a.example:443");
  CHECK(told({.x_forwarded_host = "[::1]:08"}) == "- [::1]:8");
  CHECK(told({.x_forwarded_host = "a.example:"}) == "- a.example");
  CHECK(told({.forwarded = "host=\"a.example:0443\""}) == "- a.example:443");
}

TEST_CASE("Forwarded is walked in the same way") {
  CHECK(told({.forwarded = "for=9.9.9.9;proto=http;host=evil, "
                           "for=1.2.3.4;proto=https;host=a.example, for=10.0.0.1;proto=http"}) ==
        "<1.2.3.4> https a.example");
  CHECK(told({.forwarded = "for=1.2.3.4, for=10.0.0.1;proto=https"}) == "<1.2.3.4> https");
  CHECK(told({.forwarded = "for=1.2.3.4;proto=http, proto=https"}) == "- https");
  CHECK(told({.forwarded = "for=\"[2001:db9::1]:4711\""}) == "<2001:db9::1>:4711");
}

TEST_CASE("Forwarded and the others may not contradict each other") {
  CHECK(told({.forwarded = "for=\"1.2.3.4:99\";proto=https;host=A.example",
              .x_forwarded_for = "1.2.3.4",
              .x_forwarded_proto = "https",
              .x_forwarded_host = "a.example"}) == "<1.2.3.4>:99 https a.example");
  CHECK(told({.forwarded = "for=127.0.0.1", .x_forwarded_for = "1.2.3.4"}) == "malformed");
  CHECK(told({.forwarded = "for=_a", .x_forwarded_for = "1.2.3.4"}) == "malformed");
  CHECK(told({.forwarded = "proto=https", .x_forwarded_proto = "http"}) == "malformed");
  CHECK(told({.forwarded = "host=a", .x_forwarded_host = "b"}) == "malformed");
  CHECK(told({.forwarded = "proto=https", .x_forwarded_for = "1.2.3.4"}) == "<1.2.3.4> https");
}

TEST_CASE("a host with its default port is the host without") {
  CHECK(told({.forwarded = "proto=http;host=\"a.example:80\"", .x_forwarded_host = "a.example"}) ==
        "- http a.example:80");
  CHECK(told({.forwarded = "host=a.example",
              .x_forwarded_proto = "https",
              .x_forwarded_host = "a.example:443"}) == "- https a.example:443");
  CHECK(told({.forwarded = "host=\"a.example:80\"",
              .x_forwarded_host = "a.example",
              .own_scheme = "http"}) == "- a.example:80");
  for (const char* other : {"a.example:81", "a.example:443", "b.example:80"}) {
    CHECK(told({.forwarded = "host=a.example", .x_forwarded_host = other, .own_scheme = "http"}) ==
          "malformed");
  }
  CHECK(told({.forwarded = "proto=https;host=a.example",
              .x_forwarded_host = "a.example:80",
              .own_scheme = "http"}) == "malformed");
}
