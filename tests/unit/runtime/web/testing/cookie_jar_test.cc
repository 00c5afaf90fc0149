#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/testing/cookie_jar.h>

namespace cookie_jar_test {

using namespace aiopyr;
using namespace std::chrono_literals;
using testing::CookieJar;
using testing::CookieTarget;

namespace {

constexpr CookieTarget kHome{"example.com", "/", false};

struct JarAtNoon {
  CookieJar::TimePoint now = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1) + 12h;
  CookieJar jar{[this] { return now; }};

  std::string at(std::string_view path, std::string_view host = "example.com",
                 bool is_secure = false) {
    return jar.header_for({host, path, is_secure});
  }
};

}  // namespace

TEST_CASE_METHOD(JarAtNoon, "a cookie comes back, and a newer value replaces it") {
  jar.store("a=1; Path=/", kHome);
  jar.store("b=\"x y\"; Path=/; HttpOnly; SameSite=Lax", kHome);
  jar.store("a=2; Path=/", kHome);
  CHECK(at("/x/y") == "b=\"x y\"; a=2");
  CHECK(jar.get("a") == "2");
}

TEST_CASE_METHOD(JarAtNoon, "a cookie is for its path and what is below, longer paths first") {
  jar.store("root=1; Path=/", kHome);
  jar.store("deep=1; Path=/shop/", kHome);
  jar.store("own=1", {"example.com", "/shop/cart/add", false});
  CHECK(at("/") == "root=1");
  CHECK(at("/shopping") == "root=1");
  CHECK(at("/shop/cart") == "own=1; deep=1; root=1");
  CHECK(at("/shop/cartoon") == "deep=1; root=1");
}

TEST_CASE_METHOD(JarAtNoon, "a cookie expires by Max-Age, which wins over Expires") {
  jar.store("a=1; Max-Age=60; Expires=Wed, 31-Dec-97 23:59:59 GMT", kHome);
  jar.store("b=1; Expires=Tue, 01 Jan 2030 12:00:30 GMT", kHome);
  jar.store("c=1; Expires=nonsense; Max-Age=soon", kHome);
  CHECK(at("/") == "a=1; b=1; c=1");
  now += 30s;
  CHECK(at("/") == "a=1; c=1");
  now += 30s;
  CHECK(at("/") == "c=1");
  CHECK_FALSE(jar.get("a").has_value());
}

TEST_CASE_METHOD(JarAtNoon, "what makes a browser forget a cookie takes it out") {
  jar.store("a=1; Path=/", kHome);
  jar.store(make_expired_cookie("a"), kHome);
  CHECK(jar.size() == 0);
  jar.store("a=1; Path=/", kHome);
  jar.store("a=; Path=/; Max-Age=0", kHome);
  CHECK(jar.size() == 0);
}

TEST_CASE_METHOD(JarAtNoon, "a secure cookie goes over https only") {
  jar.store("a=1; Secure; Path=/", kHome);
  CHECK(at("/").empty());
  CHECK(at("/", "example.com", true) == "a=1");
}

TEST_CASE_METHOD(JarAtNoon, "a cookie of a domain is for its hosts; one of another is none") {
  jar.store("a=1; Domain=.example.com; Path=/", {"www.example.com", "/", false});
  jar.store("b=1; Path=/", {"www.example.com", "/", false});
  jar.store("c=1; Domain=example.org", {"www.example.com", "/", false});
  CHECK(at("/", "api.example.com") == "a=1");
  CHECK(at("/", "www.example.com") == "a=1; b=1");
  CHECK(at("/", "notexample.com").empty());
}

TEST_CASE_METHOD(JarAtNoon, "what is no cookie is none") {
  jar.store("", kHome);
  jar.store("novalue", kHome);
  jar.store("=x", kHome);
  CHECK(jar.size() == 0);
}

TEST_CASE_METHOD(JarAtNoon, "a test may set and erase cookies itself") {
  jar.set("a", "1");
  CHECK(at("/anything", "any.host") == "a=1");
  jar.erase("a");
  CHECK(at("/").empty());
}

TEST_CASE("dates of cookies are read in all forms") {
  using testing::parse_cookie_date;
  const auto expected = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
  CHECK(parse_cookie_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(parse_cookie_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(parse_cookie_date("Sun Nov  6 08:49:37 1994") == expected);
  CHECK_FALSE(parse_cookie_date("Sun, 31 Feb 1994 08:49:37 GMT").has_value());
  CHECK_FALSE(parse_cookie_date("Sun, 06 Nov 1994 25:49:37 GMT").has_value());
  CHECK_FALSE(parse_cookie_date("tomorrow").has_value());
}

}  // namespace cookie_jar_test
