#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/http_date.h>
#include <aiopyr/runtime/web/http/response.h>

using namespace aiopyr;
using namespace std::chrono_literals;

TEST_CASE("directives are written in the alphabet's order", "[web][cache]") {
  CHECK(CacheControl{}.to_string().empty());
  CHECK(CacheControl{.max_age = 60s, .is_public = true}.to_string() == "max-age=60, public");
  CHECK(CacheControl{.s_maxage = 5s, .is_private = true, .stale_if_error = 0s}.to_string() ==
        "private, s-maxage=5, stale-if-error=0");
}

TEST_CASE("directives are read leniently", "[web][cache]") {
  const CacheControl read = CacheControl::parse("Max-Age=\"60\" , PUBLIC, x=1, s-maxage=no");
  CHECK(read.max_age == 60s);
  CHECK(read.is_public);
  CHECK_FALSE(read.s_maxage);
  CHECK(CacheControl::parse(CacheControl{.no_store = true, .immutable = true}.to_string())
            .to_string() == "immutable, no-store");
}

TEST_CASE("cache_expires sets the time that a response stays fresh", "[web][cache]") {
  Response response;
  response.set_cache_control({.no_store = true});
  response.cache_expires(3600s, {.is_public = true});
  CHECK(response.headers().get("Cache-Control", "") == "max-age=3600, public");
  const auto expires = parse_http_date(response.headers().get("Expires", ""));
  REQUIRE(expires);
  const auto left = *expires - std::chrono::system_clock::now();
  CHECK(left > 3590s);
  CHECK(left <= 3600s);
}

TEST_CASE("cache_expires without a time forbids keeping the response", "[web][cache]") {
  Response response;
  response.cache_expires();
  CHECK(response.headers().get("Cache-Control", "") ==
        "max-age=0, must-revalidate, no-cache, no-store");
  CHECK(response.headers().get("Pragma", "") == "no-cache");
  CHECK(response.headers().contains("Expires"));
  CHECK(response.last_modified());
  response.cache_expires(10s);
  CHECK(response.headers().get("Cache-Control", "") == "max-age=10");
  CHECK_FALSE(response.headers().contains("Pragma"));
}

TEST_CASE("cache_expires with nothing sets the other directives only", "[web][cache]") {
  Response response;
  response.cache_expires(std::nullopt, {.is_public = true});
  CHECK(response.headers().get("Cache-Control", "") == "public");
  CHECK_FALSE(response.headers().contains("Expires"));
  response.set_cache_control({});
  CHECK_FALSE(response.headers().contains("Cache-Control"));
}
