#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/registry/tweens.h>

using namespace aiopyr;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

namespace {

TweenFactory nothing() {
  return [](Handler next, Registry&) { return next; };
}

Names order_of(std::vector<TweenOptions> tweens) {
  TweenChain chain;
  for (auto& options : tweens) chain.add(std::move(options), nothing());
  return chain.names();
}

}  // namespace

TEST_CASE("the tween added last is the nearest to the server") {
  CHECK(order_of({{.name = "t1"}, {.name = "t2"}}) == Names{"t2", "t1", "EXCVIEW"});
}

TEST_CASE("a tween stands over or under the one that it names") {
  CHECK(order_of({{.name = "a"}, {.name = "b"}, {.name = "c", .over = "a"}}) ==
        Names{"b", "EXCVIEW", "c", "a"});
  CHECK(order_of({{.name = "a"}, {.name = "b"}, {.name = "c", .over = "a", .under = "INGRESS"}}) ==
        Names{"c", "a", "b", "EXCVIEW"});
  CHECK(order_of({{.name = "a"}, {.name = "b"}, {.name = "c", .under = "a"}}) ==
        Names{"b", "a", "c", "EXCVIEW"});
  CHECK(order_of({{.name = "a", .under = "EXCVIEW"}}) == Names{"EXCVIEW", "a"});
  CHECK(order_of({{.name = "a", .over = "MAIN"}}) == Names{"EXCVIEW", "a"});
  CHECK(order_of({{.name = "a"}, {.name = "b", .under = "INGRESS"}}) == Names{"b", "a", "EXCVIEW"});
  CHECK(order_of({{.name = "a"}, {.name = "b", .over = "EXCVIEW", .under = "a"}}) ==
        Names{"a", "b", "EXCVIEW"});
}

TEST_CASE("a tween may name one that is added later") {
  CHECK(order_of({{.name = "a", .under = "b"}, {.name = "b"}}) == Names{"b", "a", "EXCVIEW"});
}

TEST_CASE("every order that can be met is met, as Pyramid meets it") {
  CHECK(order_of({{.name = "a", .under = "b"}, {.name = "b", .over = "a"}}) ==
        Names{"EXCVIEW", "b", "a"});
  CHECK(order_of({{.name = "a"}, {.name = "b", .over = "a", .under = "EXCVIEW"}}) ==
        Names{"EXCVIEW", "b", "a"});
  CHECK(order_of({{.name = "a", .over = "c"},
                  {.name = "b", .over = "a"},
                  {.name = "c", .under = "EXCVIEW"}}) == Names{"EXCVIEW", "b", "a", "c"});
  CHECK(order_of({{.name = "a", .under = {"zzz", "b"}}, {.name = "b"}}) ==
        Names{"b", "a", "EXCVIEW"});
  CHECK(order_of({{.name = "a", .over = {"MAIN", "EXCVIEW"}, .under = {"b", "c"}},
                  {.name = "b"},
                  {.name = "c"}}) == Names{"c", "b", "a", "EXCVIEW"});
}

TEST_CASE("wishes that contradict each other are named in their circle") {
  CHECK_THAT(configuration_error_of([] {
               order_of({{.name = "x"},
                         {.name = "a", .over = "b"},
                         {.name = "b", .over = "c"},
                         {.name = "c", .over = "a"},
                         {.name = "d", .under = "a"}});
             }),
             Contains("'a' over 'b' over 'c' over 'a'") ||
                 Contains("'b' over 'c' over 'a' over 'b'") ||
                 Contains("'c' over 'a' over 'b' over 'c'"));
}

TEST_CASE("a place that does not exist is refused") {
  CHECK_THAT(configuration_error_of([] { order_of({{.name = "a", .over = "zzz"}}); }),
             Contains("'a'") && Contains("over 'zzz'"));
  CHECK_THROWS_AS(order_of({{.name = "a", .over = "b"}, {.name = "b", .over = "a"}}),
                  ConfigurationError);
  CHECK_THAT(configuration_error_of([] {
               order_of({{.name = "a", .under = {"y", "z"}}});
             }),
             Contains("'a'") && Contains("under 'y' or 'z'"));
  CHECK_THROWS_AS(order_of({{.name = "a", .over = "a"}}), ConfigurationError);
  CHECK_THROWS_AS(order_of({{.name = "a", .over = {"b", "INGRESS"}}, {.name = "b"}}),
                  ConfigurationError);
  CHECK_THROWS_AS(order_of({{.name = "a", .over = "INGRESS"}}), ConfigurationError);
  CHECK_THROWS_AS(order_of({{.name = "a", .under = "MAIN"}}), ConfigurationError);
}

TEST_CASE("a name that is reserved or taken is refused") {
  CHECK_THROWS_AS(order_of({{.name = "MAIN"}}), ConfigurationError);
  CHECK_THROWS_AS(order_of({{.name = "EXCVIEW"}}), ConfigurationError);
  CHECK_THROWS_AS(order_of({{.name = "a"}, {.name = "a"}}), ConfigurationError);
}

TEST_CASE("a factory that makes no handler is refused") {
  Registry registry;
  TweenChain chain;
  chain.add({.name = "a"}, [](Handler, Registry&) { return Handler(); });
  const Handler main = [](Request&) { return Response(); };
  CHECK_THROWS_AS(chain.build(main, nothing(), registry), ConfigurationError);
}
