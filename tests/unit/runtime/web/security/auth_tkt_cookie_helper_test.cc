#include <catch2/catch.hpp>

#include "tests/unit/support/asked_request.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/security/auth_tkt_cookie_helper.h>

namespace auth_tkt_cookie_helper_test {

using namespace aiopyr;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

constexpr double kNow = 1400000000;
constexpr const char* kGeorge =
    "auth_tkt=c3e0a84b2529db17ad30bcb96f50e88553724e00Z2Vvcmdl!userid_type:b64unicode";

double now = kNow;

AuthTktOptions options() {
  now = kNow;
  return {.secret = "sosecret", .hashalg = "md5", .clock = [] { return now; }};
}

AskedRequest request_with(std::string cookie) {
  return AskedRequest({{"HTTP_COOKIE", std::move(cookie)}, {"HTTP_HOST", "example.com:8080"}});
}

/// Returns the Set-Cookie header for remembering george on that host.
std::string remembered(AuthTktOptions with, const std::string& host) {
  AskedRequest asked({{"HTTP_HOST", host}});
  const Headers headers = AuthTktCookieHelper(std::move(with)).remember(asked.request, "george");
  REQUIRE(headers.size() == 1);
  return std::string(headers.get("Set-Cookie", ""));
}

/// Returns the identity after a browser has stored and sent back the cookie.
std::optional<AuthTktIdentity> round_trip(std::string_view userid, const RememberOptions& with) {
  const AuthTktCookieHelper helper(options());
  AskedRequest first;
  AskedRequest second = request_with(cookie_pair(helper.remember(first.request, userid, with)));
  return helper.identify(second.request);
}

}  // namespace

TEST_CASE("remember() sets the cookie that Pyramid sets") {
  CHECK(remembered(options(), "example.com:8080") ==
        std::string(kGeorge) + "; Domain=example.com; Path=/; SameSite=Lax");
}

TEST_CASE("the cookie has the attributes that the options say, in Pyramid's order") {
  AuthTktOptions with = options();
  with.secure = with.http_only = true;
  with.max_age = 3600s;
  with.path = "/app";
  with.samesite = "strict";
  const std::string cookie = remembered(std::move(with), "example.com");
  CHECK_THAT(cookie, Contains("; Domain=example.com; Max-Age=3600; Path=/app; expires="));
  CHECK_THAT(cookie, Catch::Matchers::EndsWith("GMT; secure; HttpOnly; SameSite=strict"));
}

TEST_CASE("the cookie's domain is the host, its parent, one that is set, or none") {
  const auto domain = [](const AuthTktOptions& with, const std::string& host) -> std::string {
    const std::string cookie = remembered(with, host);
    const auto begin = cookie.find("Domain=");
    if (begin == std::string::npos) return "none";
    return cookie.substr(begin + 7, cookie.find(';', begin) - begin - 7);
  };
  AuthTktOptions with = options();
  CHECK(domain(with, "www.example.com") == "www.example.com");
  with.parent_domain = true;
  CHECK(domain(with, "www.example.com:443") == "example.com");
  CHECK(domain(with, "example.com") == "example.com");
  with.domain = ".other.org";
  CHECK(domain(with, "www.example.com") == ".other.org");
  with = options();
  with.wild_domain = false;
  CHECK(domain(with, "www.example.com") == "none");
}

TEST_CASE("a Host header that may not stand in a cookie is left out of it") {
  CHECK_THAT(remembered(options(), "evil;secure"), !Contains("Domain") && !Contains("evil"));
  CHECK_THAT(remembered(options(), "b\xc3\xb6se"), !Contains("Domain"));
}

TEST_CASE("forget() removes the cookie from where it was set") {
  AskedRequest asked({{"HTTP_HOST", "example.com"}});
  const Headers headers = AuthTktCookieHelper(options()).forget(asked.request);
  CHECK(headers.get("Set-Cookie", "") ==
        "auth_tkt=; Domain=example.com; Max-Age=0; Path=/; expires=Wed, 31-Dec-97 23:59:59 GMT; "
        "SameSite=Lax");
}

TEST_CASE("a ticket tells who has it, since when, and with which tokens") {
  AskedRequest asked = request_with(kGeorge);
  const auto identity = AuthTktCookieHelper(options()).identify(asked.request);
  REQUIRE(identity);
  CHECK(identity->userid == "george");
  CHECK(identity->timestamp == 1400000000);
  CHECK(identity->userid_type == UseridType::kText);
  CHECK(identity->userdata == "userid_type:b64unicode");
  CHECK(round_trip("george", {.tokens = {"admin", "x-1"}})->tokens ==
        std::vector<std::string>{"admin", "x-1"});
}

TEST_CASE("a userid of every type comes back as it was") {
  for (const char* text : {"george", "", "a!b|c", "gr\u00fc\u00df \u20ac", "system.Everyone"}) {
    CAPTURE(text);
    CHECK(round_trip(text, {})->userid == text);
  }
  const auto number = round_trip("-42", {.userid_type = UseridType::kInt});
  CHECK(number->userid == "-42");
  CHECK(number->userid_type == UseridType::kInt);
  const auto bytes = round_trip("\xff!", {.userid_type = UseridType::kBytes});
  CHECK(bytes->userid == "\xff!");
  CHECK(bytes->userid_type == UseridType::kBytes);
}

TEST_CASE("a userid or a token that no ticket can hold is refused with a reason") {
  CHECK_THROWS_WITH(round_trip("\xff", {}), Contains("UTF-8"));
  CHECK_THROWS_WITH(round_trip("4 2", {.userid_type = UseridType::kInt}), Contains("integer"));
  CHECK_THROWS_WITH(round_trip(std::string(4000, 'x'), {}), Contains("too long"));
  for (const char* token : {"", "1a", "a b", "a!", "a,b", "\u00e9"}) {
    CAPTURE(token);
    CHECK_THROWS_WITH(round_trip("george", {.tokens = {token}}), StartsWith("Invalid token"));
  }
}

TEST_CASE("no ticket, or one that is worth nothing, is nobody") {
  const AuthTktCookieHelper helper(options());
  for (const char* cookie :
       {"", "auth_tkt", "auth_tkt=", "auth_tkt=x", "auth_tkt=\xff\xfe", "auth_tkt=\"",
        "auth_tkt=!!!!", "other=1", "auth_tkt=c3e0a84b2529db17ad30bcb96f50e88553724e00Z2Vvcmdl"}) {
    CAPTURE(cookie);
    AskedRequest asked = request_with(cookie);
    CHECK_FALSE(helper.identify(asked.request));
    CHECK_FALSE(asked.answer().headers().contains("Set-Cookie"));
  }
}

TEST_CASE("a ticket says the same each time, and lends a forged one nothing") {
  const AuthTktCookieHelper helper(options());
  for (int i = 0; i < 2; ++i) {
    AskedRequest asked = request_with(kGeorge);
    const auto identity = helper.identify(asked.request);
    REQUIRE(identity);
    CHECK(identity->userid == "george");
    CHECK(identity->userdata == "userid_type:b64unicode");
    std::string forged = kGeorge;
    forged[forged.find('c')] = 'd';
    AskedRequest liar = request_with(forged);
    CHECK_FALSE(helper.identify(liar.request));
  }
}

TEST_CASE("a ticket is good until its timeout is over") {
  AuthTktOptions with = options();
  with.timeout = 60s;
  const AuthTktCookieHelper helper(with);
  AskedRequest asked = request_with(kGeorge);
  now = kNow + 60;
  CHECK(helper.identify(asked.request));
  now = kNow + 60.5;
  CHECK_FALSE(helper.identify(asked.request));
}

TEST_CASE("an address that a ticket includes is part of it") {
  AuthTktOptions with = options();
  with.include_ip = true;
  const AuthTktCookieHelper helper(with);
  for (const char* ip : {"192.0.2.1", "2001:db8::1"}) {
    AskedRequest first({{"REMOTE_ADDR", ip}});
    const std::string cookie = cookie_pair(helper.remember(first.request, "george"));
    AskedRequest same({{"REMOTE_ADDR", ip}, {"HTTP_COOKIE", cookie}});
    CHECK(helper.identify(same.request));
    AskedRequest other({{"REMOTE_ADDR", "192.0.2.2"}, {"HTTP_COOKIE", cookie}});
    CHECK_FALSE(helper.identify(other.request));
    AskedRequest unknown({{"HTTP_COOKIE", cookie}});
    CHECK_FALSE(helper.identify(unknown.request));
  }
  AskedRequest unknown;
  CHECK_THROWS_WITH(helper.remember(unknown.request, "george"), Contains("IP address"));
}

TEST_CASE("a ticket that is due is replaced once by the response, with its tokens and its type") {
  AuthTktOptions with = options();
  with.reissue_time = 10s;
  with.max_age = 100s;
  const AuthTktCookieHelper helper(with);
  AskedRequest first;
  AskedRequest asked = request_with(cookie_pair(helper.remember(
      first.request, "42", {.tokens = {"admin"}, .userid_type = UseridType::kInt})));
  now = kNow + 10;
  CHECK(helper.identify(asked.request));
  CHECK_FALSE(asked.answer().headers().contains("Set-Cookie"));

  now = kNow + 11;
  CHECK(helper.identify(asked.request));
  CHECK(helper.identify(asked.request));
  const Response response = asked.answer();
  REQUIRE(response.headers().getall("Set-Cookie").size() == 1);
  CHECK_THAT(std::string(response.headers().get("Set-Cookie", "")), Contains("Max-Age=100"));
  AskedRequest next = request_with(cookie_pair(response.headers()));
  const auto identity = helper.identify(next.request);
  REQUIRE(identity);
  CHECK(identity->timestamp == 1400000011);
  CHECK(identity->userid == "42");
  CHECK(identity->userid_type == UseridType::kInt);
  CHECK(identity->tokens == std::vector<std::string>{"admin"});
}

TEST_CASE("who is remembered or forgotten anew gets no replaced ticket besides") {
  AuthTktOptions with = options();
  with.reissue_time = 0s;
  const AuthTktCookieHelper helper(with);
  const auto has_cookie = [&](auto what) {
    AskedRequest asked = request_with(kGeorge);
    now = kNow + 1;
    CHECK(helper.identify(asked.request));
    what(asked.request);
    return asked.answer().headers().contains("Set-Cookie");
  };
  CHECK(has_cookie([](Request&) {}));
  CHECK_FALSE(
      has_cookie([&](Request& request) { static_cast<void>(helper.remember(request, "ringo")); }));
  CHECK_FALSE(has_cookie([&](Request& request) { static_cast<void>(helper.forget(request)); }));
}

TEST_CASE("tickets without a secret, a hash or a cookie's name are refused at the start") {
  CHECK_THROWS_AS(AuthTktCookieHelper({.secret = ""}), ConfigurationError);
  CHECK_THROWS_AS(AuthTktCookieHelper({.secret = "s", .hashalg = "sha9"}), ConfigurationError);
  CHECK_THROWS_AS(AuthTktCookieHelper({.secret = "s", .cookie_name = "a b"}), Error);
  CHECK_THROWS_AS(AuthTktCookieHelper({.secret = "s", .samesite = "maybe"}), Error);
}

}  // namespace auth_tkt_cookie_helper_test
