#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/http1/forwarded.h>

using namespace aiopyr;
using namespace std::string_view_literals;

namespace {

/// Returns `address port` of a node, or "malformed".
std::string node(std::string_view text) {
  const auto parsed = parse_forwarded_node(text);
  if (!parsed) return "malformed";
  return (parsed->address ? parsed->address->text() : "hidden") + " " + parsed->port;
}

/// Returns `for|proto|host` of each element, or "malformed".
std::string elements(std::string_view text) {
  const auto parsed = parse_forwarded(text);
  if (!parsed) return "malformed";
  std::string shown;
  for (const ForwardedElement& element : *parsed) {
    if (!shown.empty()) shown += ", ";
    if (element.client) {
      shown += element.client->address ? element.client->address->text() : "hidden";
    }
    shown += "|" + element.scheme + "|" + element.host;
  }
  return shown;
}

}  // namespace

TEST_CASE("a node is an address, with a port or without") {
  CHECK(node("192.0.2.43") == "192.0.2.43 ");
  CHECK(node("192.0.2.43:47011") == "192.0.2.43 47011");
  CHECK(node("[2001:db8:cafe::17]:4711") == "2001:db8:cafe::17 4711");
  CHECK(node("[2001:db8:cafe::17]") == "2001:db8:cafe::17 ");
  CHECK(node("2001:db8:cafe::17") == "2001:db8:cafe::17 ");
  CHECK(node("::ffff:192.0.2.1") == "192.0.2.1 ");
  CHECK(node("192.0.2.43:_port") == "192.0.2.43 ");
  CHECK(node("192.0.2.43:00080") == "192.0.2.43 80");
}

TEST_CASE("a node that a proxy hides has no address") {
  for (const char* text :
       {"unknown", "Unknown", "_hidden", "_SEVKISEK", "unknown:80", "_a.b-c:_d"}) {
    CHECK(node(text).starts_with("hidden "));
  }
}

TEST_CASE("what is no node is none") {
  for (const std::string_view text : {""sv,
                                      " "sv,
                                      "192.0.2.43:"sv,
                                      "192.0.2.43:65536"sv,
                                      "192.0.2.43:0"sv,
                                      "192.0.2.43:00000"sv,
                                      "192.0.2.43:000001"sv,
                                      "192.0.2.43:8o"sv,
                                      "[2001:db8::1"sv,
                                      "2001:db8::1]"sv,
                                      "[192.0.2.1]"sv,
                                      "[]"sv,
                                      "[]:1"sv,
                                      "_"sv,
                                      "_a b"sv,
                                      "localhost"sv,
                                      "192.0.2.43 "sv,
                                      "192.0.2.43\0"sv,
                                      "1.2.3.4, 5.6.7.8"sv,
                                      "[::1]x:1"sv,
                                      ":1"sv,
                                      "unknown "sv,
                                      "192.0.2.43:-1"sv,
                                      "192.0.2.43:+1"sv}) {
    CAPTURE(text);
    CHECK(node(text) == "malformed");
  }
}

TEST_CASE("a Forwarded header has an element for each proxy") {
  CHECK(elements("for=192.0.2.60;proto=http;by=203.0.113.43") == "192.0.2.60|http|");
  CHECK(elements("for=192.0.2.43, for=198.51.100.17") == "192.0.2.43||, 198.51.100.17||");
  CHECK(elements("For=\"[2001:db8:cafe::17]:4711\"") == "2001:db8:cafe::17||");
  CHECK(elements("for=\"_gazonk\"") == "hidden||");
  CHECK(elements("for=1.2.3.4;host=\"a.example:8\";proto=HTTPS") == "1.2.3.4|https|a.example:8");
  CHECK(elements("host=\"a.example:08\"") == "||a.example:8");
  CHECK(elements("proto=wss ; host=a.example") == "|https|a.example");
  CHECK(elements("for=\"1.2.3.4\";ext=\"a\\\"b,for=9.9.9.9\"") == "1.2.3.4||");
  CHECK(elements("for=\"1.2.\\3.4\"") == "1.2.3.4||");
  CHECK(elements("for=1.2.3.4:80, for=[::1]:80") == "1.2.3.4||, ::1||");
}

TEST_CASE("elements and pairs of a Forwarded header may be empty") {
  CHECK(elements("").empty());
  CHECK(elements(" , ,").empty());
  CHECK(elements(",for=1.2.3.4,,\t;;proto=http;") == "1.2.3.4||, |http|");
}

TEST_CASE("parameters that are unknown may come again, and are skipped") {
  CHECK(elements("ext=1;for=1.2.3.4;ext=2") == "1.2.3.4||");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "a" + std::to_string(i) + "=1;";
  CHECK(elements(many + "for=1.2.3.4;" + many) == "1.2.3.4||");
}

TEST_CASE("a Forwarded header that is malformed anywhere says nothing") {
  for (const std::string_view text : {"for"sv,
                                      "for="sv,
                                      "for=\""sv,
                                      "for=\"1.2.3.4"sv,
                                      "for=1.2.3.4\""sv,
                                      "=1.2.3.4"sv,
                                      "for =1.2.3.4"sv,
                                      "for= 1.2.3.4"sv,
                                      "for=1.2.3.4 proto=http"sv,
                                      "for=1.2.3.4;for=1.2.3.4"sv,
                                      "by=_a;for=1.2.3.4;BY=_b"sv,
                                      "proto=ftp"sv,
                                      "proto=\"\""sv,
                                      "host=\"\""sv,
                                      "host=\"a b\""sv,
                                      "host=a/b"sv,
                                      "host=\"a:0\""sv,
                                      "host=\"a:0\", host=b"sv,
                                      "for=nobody"sv,
                                      "for=\"1.2.3.4\\"sv,
                                      "for=\"1.2.3.4\"x"sv,
                                      "ext=\"\1\""sv,
                                      "for=1.2.3.4, x"sv,
                                      "ext=a\0b"sv,
                                      "for=\"a, for=1.2.3.4;host=\"evil.example\""sv}) {
    CAPTURE(text);
    CHECK(elements(text) == "malformed");
  }
}

TEST_CASE("a Forwarded header that is cut anywhere never tells of more than it has") {
  const std::string_view text =
      "for=\"[2001:db8::17]:4711\";proto=https;host=\"a.example:81\", for=192.0.2.43;by=_x";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    CAPTURE(size);
    const auto parsed = parse_forwarded(text.substr(0, size));
    if (!parsed) continue;
    CHECK(parsed->size() <= 2);
    for (const ForwardedElement& element : *parsed) {
      CHECK((element.scheme.empty() || element.scheme == "https" || element.scheme == "http"));
    }
  }
}
