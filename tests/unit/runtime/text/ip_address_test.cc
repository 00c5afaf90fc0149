#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/ip_address.h>

using namespace aiopyr;
using namespace std::string_view_literals;

namespace {

bool contains(std::string_view network, std::string_view address) {
  const auto parsed = IpNetwork::parse(network);
  REQUIRE(parsed);
  return parsed->contains(IpAddress::parse(address).value());
}

}  // namespace

TEST_CASE("an address is read as IPv4 or IPv6, and written as usual") {
  CHECK(IpAddress::parse("10.0.0.1").value().text() == "10.0.0.1");
  CHECK(IpAddress::parse("2001:DB8:0:0::1").value().text() == "2001:db8::1");
  CHECK(IpAddress::parse("::ffff:10.0.0.1").value().text() == "10.0.0.1");
  CHECK(IpAddress::parse("::ffff:10.0.0.1") == IpAddress::parse("10.0.0.1"));
  CHECK(IpAddress::parse("::").value().text() == "::");
}

TEST_CASE("what is no address is none") {
  for (const std::string_view text :
       {""sv, "10.0.0"sv, "10.0.0.256"sv, "010.0.0.1"sv, "10.0.0.1 "sv, "10.0.0.1\0"sv, "::1\0x"sv,
        "[::1]"sv, "::1%eth0"sv, "1::2::3"sv, "localhost"sv, "10.0.0.1/8"sv, "10.0.0.1:80"sv,
        "1:2:3:4:5:6:7:8:9"sv, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555"sv}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
}

TEST_CASE("a network has the addresses that begin as it does") {
  CHECK(contains("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  CHECK(contains("10.0.0.128/25", "10.0.0.129"));
  CHECK_FALSE(contains("10.0.0.128/25", "10.0.0.127"));
  CHECK(contains("10.0.0.1", "10.0.0.1"));
  CHECK_FALSE(contains("10.0.0.1", "10.0.0.2"));
  CHECK(contains("0.0.0.0/0", "1.2.3.4"));
  CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  CHECK(contains("2001:db8::/33", "2001:db8:7fff::"));
  CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::"));
  CHECK(contains("::1", "::1"));
  CHECK(contains("::/0", "2001:db8::1"));
}

TEST_CASE("mapped addresses are in networks of IPv4, and in those of mapped ones alone") {
  CHECK(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  CHECK(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
  CHECK_FALSE(contains("::ffff:10.0.0.0/104", "11.1.2.3"));
  CHECK_FALSE(contains("::/0", "10.1.2.3"));
}

TEST_CASE("what is no network is none, also with bits behind its prefix") {
  for (const std::string_view text :
       {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/ 8", "10.0.0.0/8/8",
        "::/129", "10.0.0.0/255.0.0.0", "10.0.0.1/8", "2001:db8::1/32", "x/8", "10/8",
        "10.0.0.0/99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(IpNetwork::parse(text));
  }
  CHECK(IpNetwork::without_host_bits("10.0.0.1/8") == "10.0.0.0/8");
  CHECK(IpNetwork::without_host_bits("2001:db8::1/32") == "2001:db8::/32");
  CHECK(IpNetwork::without_host_bits("10.0.0.0/8").empty());
  CHECK(IpNetwork::without_host_bits("10.0.0.0/40").empty());
  CHECK(IpNetwork::without_host_bits("x").empty());
}
