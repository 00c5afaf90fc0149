#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/base/connection_url.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace aiopyr::clients;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

TEST_CASE("a URL has a scheme, a user, hosts, a path and parameters") {
  const auto url =
      ConnectionUrl::parse("Redis://us%40er:p%3Aw@a.example:6380,[::1]:1,b/db%2F1?pool=4&x=%20y");
  CHECK(url.scheme == "redis");
  CHECK(url.user == "us@er");
  CHECK(url.password == "p:w");
  REQUIRE(url.hosts.size() == 3);
  CHECK(url.hosts[0].name == "a.example");
  CHECK(url.hosts[0].port == 6380);
  CHECK(url.hosts[1].name == "::1");
  CHECK(url.hosts[1].port == 1);
  CHECK(url.hosts[2].name == "b");
  CHECK_FALSE(url.hosts[2].port.has_value());
  CHECK(url.path == "db/1");
  CHECK(url.parameters.at("pool") == "4");
  CHECK(url.parameters.at("x") == " y");
}

TEST_CASE("the parts of a URL may be missing") {
  const auto url = ConnectionUrl::parse("unix:///run/redis.sock");
  CHECK(url.hosts.empty());
  CHECK(url.path == "run/redis.sock");
  CHECK(ConnectionUrl::parse("redis://h").path.empty());
  CHECK(ConnectionUrl::parse("redis://:secret@h").password == "secret");
  CHECK(ConnectionUrl::parse("redis://h:").hosts[0].name == "h");
}

TEST_CASE("a wrong URL is refused, without its password in the message") {
  for (const char* wrong :
       {"", "redis", "://h", "redis://u:secret@h:0", "redis://u:secret@h:65536",
        "redis://u:secret@h:x", "redis://u:secret@[::1", "redis://u:secret@[::1]x",
        "redis://u:secret%zz@h", "redis://u:secret@h/%", "redis://h?a=1&a=2"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(ConnectionUrl::parse(wrong), ConfigurationError);
    CHECK_THROWS_WITH(ConnectionUrl::parse(wrong), !Contains("secret"));
  }
}

TEST_CASE("a URL is shown without user and password") {
  CHECK(ConnectionUrl::parse("redis://u:secret@h:1,[::1]/0?password=x").shown() ==
        "redis://h:1,[::1]/0");
}

TEST_CASE("parameters are taken by their kind") {
  auto url = ConnectionUrl::parse("redis://h?n=12&a=0.5&b=500ms&c=2s&d=5min&e=1h&f=yes&g=off&t=x");
  CHECK(url.take_number("n") == 12);
  CHECK(url.take_duration("a") == 500ms);
  CHECK(url.take_duration("b") == 500ms);
  CHECK(url.take_duration("c") == 2s);
  CHECK(url.take_duration("d") == 5min);
  CHECK(url.take_duration("e") == 1h);
  CHECK(url.take_bool("f") == true);
  CHECK(url.take_bool("g") == false);
  CHECK_FALSE(url.take("missing").has_value());
  CHECK_FALSE(url.take_number("n").has_value());
  CHECK_THROWS_WITH(url.require_all_taken("n, a"), Contains("'t'") && Contains("n, a"));
  CHECK(url.take("t") == "x");
  CHECK_NOTHROW(url.require_all_taken(""));
}

TEST_CASE("a parameter of another kind is refused, and named") {
  auto url = ConnectionUrl::parse("redis://h?n=-1&d=soon&e=-2s&f=nan&b=maybe&m=");
  CHECK_THROWS_WITH(url.take_number("n"), Contains("n=-1"));
  CHECK_THROWS_AS(url.take_duration("d"), ConfigurationError);
  CHECK_THROWS_AS(url.take_duration("e"), ConfigurationError);
  CHECK_THROWS_AS(url.take_duration("f"), ConfigurationError);
  CHECK_THROWS_AS(url.take_duration("m"), ConfigurationError);
  CHECK_THROWS_AS(url.take_bool("b"), ConfigurationError);
}

TEST_CASE("every cut of a URL is read or refused") {
  const std::string whole = "redis://u:p%40w@[::1]:6379,h:1/0?pool=4&timeout=500ms";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    try {
      static_cast<void>(ConnectionUrl::parse(whole.substr(0, length)).shown());
    } catch (const ConfigurationError&) {
    }
  }
  SUCCEED();
}
