#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/redis/options.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace aiopyr::redis;
using Target = aiopyr::redis::detail::Target;

namespace {

Target parse(std::string_view url) { return aiopyr::redis::detail::parse_target(url, Options()); }

std::string refusal(std::string_view url) {
  try {
    static_cast<void>(parse(url));
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a URL says where the server is, who asks, and how", "[redis]") {
  const Target target = parse("redis://me:p%40ss@example.com:7000/3?timeout=500ms&pool=2");
  CHECK(target.kind == Target::Kind::kTcp);
  CHECK(target.hosts[0].name == "example.com");
  CHECK(target.hosts[0].port == 7000);
  CHECK(target.user == "me");
  CHECK(target.password == "p@ss");
  CHECK(target.database == 3);
  CHECK(target.options.timeout.count() == 0.5);
  CHECK(target.options.pool == 2);
  CHECK(target.shown.find("p@ss") == std::string::npos);
}

TEST_CASE("other schemes are TLS, a Unix socket, and sentinels", "[redis]") {
  CHECK(parse("rediss://host").kind == Target::Kind::kTls);
  const Target unix = parse("unix:///run/redis.sock?db=2");
  CHECK(unix.path == "/run/redis.sock");
  CHECK(unix.database == 2);
  const Target sentinel = parse("redis+sentinel://a,b:5000/main/4");
  CHECK(sentinel.master == "main");
  CHECK(sentinel.database == 4);
  CHECK(sentinel.hosts[0].port == 26379);
  CHECK(sentinel.hosts[1].port == 5000);
}

TEST_CASE("a URL that cannot work is refused with a sentence, without its password", "[redis]") {
  CHECK(refusal("http://host").find("unknown scheme") != std::string::npos);
  CHECK(refusal("redis://a,b").find("several hosts") != std::string::npos);
  CHECK(refusal("redis://host/zero").find("number as database") != std::string::npos);
  CHECK(refusal("redis://host/1?db=2").find("twice") != std::string::npos);
  CHECK(refusal("unix://").find("three slashes") != std::string::npos);
  CHECK(refusal("redis+sentinel://a").find("master's name") != std::string::npos);
  CHECK(refusal("redis://host?protocol=4").find("2 or 3") != std::string::npos);
  CHECK(refusal("redis://host?pool=0").find("no use for 0 as pool") != std::string::npos);
  const std::string unknown = refusal("redis://:secret@host?time_out=1");
  CHECK(unknown.find("time_out") != std::string::npos);
  CHECK(unknown.find("connect_timeout") != std::string::npos);
  CHECK(unknown.find("secret") == std::string::npos);
}
