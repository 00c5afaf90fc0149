#include <catch2/catch.hpp>

#include "tests/unit/support/bad_request.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/url/matchdict.h>

using namespace aiopyr;

TEST_CASE("a match dictionary holds texts and the segments of the rest", "[web][matchdict]") {
  MatchDict match;
  match.set("id", "12");
  match.set("rest", std::vector<std::string>{"a", "b"});
  CHECK(match["id"] == "12");
  CHECK(match.get<int>("id") == 12);
  CHECK(match.segments("rest") == std::vector<std::string>{"a", "b"});
  CHECK(match["rest"] == "a/b");
  CHECK(match.contains("id"));
  CHECK(match.get<int>("page", 1) == 1);
  CHECK(match.items() == std::vector<MultiDict::Item>{{"id", "12"}, {"rest", "a/b"}});
}

TEST_CASE("setting a name again replaces it", "[web][matchdict]") {
  MatchDict match;
  match.set("x", std::vector<std::string>{"a"});
  match.set("x", "b");
  CHECK(match["x"] == "b");
  CHECK_THROWS_AS(match.segments("x"), Error);
}

TEST_CASE("a part that does not convert is the client's error", "[web][matchdict]") {
  MatchDict match;
  match.set("id", "abc");
  CHECK_THAT(bad_request_of([&] { static_cast<void>(match.get<int>("id")); }),
             Catch::Contains("'id'"));
}

TEST_CASE("a part that the pattern does not have is the app's error, which names the known",
          "[web][matchdict]") {
  MatchDict match;
  match.set("id", "1");
  CHECK_THROWS_WITH(match["name"], Catch::Contains("'name'") && Catch::Contains("'id'"));
  CHECK_THROWS_AS(match.segments("id"), Error);
}
