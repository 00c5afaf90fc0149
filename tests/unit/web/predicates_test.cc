#include <catch2/catch.hpp>

#include "map_environ.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/predicates.h>
#include <aiopyr/runtime/web/request.h>

using namespace aiopyr;

namespace {

bool allows(const StringList& methods, const std::string& method) {
  MapEnviron environ({{"REQUEST_METHOD", method}});
  Request request(environ);
  return all_match(make_predicates(methods), nullptr, request);
}

}  // namespace

TEST_CASE("a request method predicate matches the methods that it names") {
  CHECK(allows("POST", "POST"));
  CHECK_FALSE(allows("POST", "GET"));
  CHECK(allows({"PUT", "DELETE"}, "DELETE"));
  CHECK_FALSE(allows({"PUT", "DELETE"}, "post"));
}

TEST_CASE("GET implies HEAD and HEAD does not imply GET") {
  CHECK(allows("GET", "HEAD"));
  CHECK_FALSE(allows("HEAD", "GET"));
}

TEST_CASE("no predicates match everything") { CHECK(allows({}, "BREW")); }

TEST_CASE("two spellings of the same methods are the same predicate") {
  CHECK(text_of(make_predicates({"GET", "POST"})) ==
        text_of(make_predicates({"POST", "GET", "HEAD", "GET"})));
  CHECK(text_of(make_predicates("GET")) != text_of(make_predicates("POST")));
}

TEST_CASE("a method that is none is refused") {
  CHECK_THROWS_AS(make_predicates("get"), ConfigurationError);
  CHECK_THROWS_AS(make_predicates(""), ConfigurationError);
  CHECK_THROWS_AS(make_predicates({"GET", "P OST"}), ConfigurationError);
}
