#include <catch2/catch.hpp>

#include "tests/unit/support/map_environ.h"
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/routing/routes.h>

using namespace aiopyr;

namespace {

struct Match {
  explicit Match(const RoutesMapper& mapper, std::string path, std::string method = "GET")
      : environ({{"PATH_INFO", std::move(path)}, {"REQUEST_METHOD", std::move(method)}}),
        request(environ) {
    mapper.match(request);
  }
  MapEnviron environ;
  Request request;
};

RoutesMapper mapper_of(std::vector<std::pair<std::string, std::string>> routes) {
  RoutesMapper mapper;
  for (auto& [name, pattern] : routes) mapper.connect({name, RoutePattern(pattern)});
  return mapper;
}

PredicateSet only(Predicate predicate) {
  PredicateSet set;
  set.predicates.push_back(std::move(predicate));
  return set;
}

}  // namespace

TEST_CASE("the first route that matches wins") {
  const auto mapper = mapper_of({{"one", "/a/b"}, {"two", "/a/{x}"}, {"three", "/{y}/b"}});
  CHECK(Match(mapper, "/a/b").request.matched_route() == "one");
  CHECK(Match(mapper, "/a/c").request.matched_route() == "two");
  CHECK(Match(mapper, "/c/b").request.matched_route() == "three");
  CHECK(Match(mapper, "/c/c").request.matched_route().empty());
}

TEST_CASE("a route's values and its rest come into the matchdict") {
  const auto mapper = mapper_of({{"r", "/u/{name}/*path"}});
  Match match(mapper, "/u/g\xc3\xa9/a/b");
  CHECK(match.request.matchdict()["name"] == "g\xc3\xa9");
  CHECK(match.request.matchdict().segments("path") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("adding a route's name again drops the old one and appends the new one") {
  auto mapper = mapper_of({{"one", "/old"}, {"two", "/{x}"}});
  mapper.connect({"one", RoutePattern("/new")});
  CHECK(Match(mapper, "/old").request.matched_route() == "two");
  CHECK(Match(mapper, "/new").request.matched_route() == "two");
  CHECK(mapper.routes().back().name == "one");
  CHECK(mapper.routes().size() == 2);
}

TEST_CASE("a route whose predicates do not match leaves the path to the next") {
  RoutesMapper mapper;
  mapper.connect({"post", RoutePattern("/x"), only(request_method_predicate("POST"))});
  mapper.connect({"any", RoutePattern("/{y}")});
  CHECK(Match(mapper, "/x", "POST").request.matched_route() == "post");
  Match get(mapper, "/x", "GET");
  CHECK(get.request.matched_route() == "any");
  CHECK(get.request.matchdict()["y"] == "x");
}

TEST_CASE("a route's predicate sees its matchdict, and nothing of it stays where it says no") {
  std::string seen;
  const Predicate refuses{"refuses", [&seen](const Resource*, Request& request) {
                            seen = request.matchdict()["x"];
                            return false;
                          }};
  RoutesMapper mapper;
  mapper.connect({"one", RoutePattern("/{x}"), only(refuses)});
  Match match(mapper, "/a");
  CHECK(seen == "a");
  CHECK(match.request.route() == nullptr);
  CHECK(match.request.matchdict().empty());
}

TEST_CASE("an empty path is the root's") {
  CHECK(Match(mapper_of({{"home", "/"}}), "").request.matched_route() == "home");
}

TEST_CASE("a path that is not UTF-8 is a bad request") {
  CHECK_THROWS_AS(Match(mapper_of({{"x", "/{x}"}}), "/\xff"), HTTPBadRequest);
}
