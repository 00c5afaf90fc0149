#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/routing/predicate_list.h>

namespace predicate_list_test {

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

PredicateList::Named named(const std::string& name) {
  return {name, {name, [](const Resource*, Request&) { return true; }}};
}

int order_of(const std::vector<std::string>& names) {
  std::vector<PredicateList::Named> asked;
  for (const std::string& name : names) asked.push_back(named(name));
  return PredicateList().weigh(std::move(asked)).order;
}

PredicateFactory factory() {
  return [](const StringList& value) {
    return Predicate{"own " + value.values().at(0), [](const Resource*, Request&) { return true; }};
  };
}

}  // namespace

TEST_CASE("the order is Pyramid's: (2^30 - weights) / (count + 1)") {
  CHECK(order_of({}) == 1 << 30);
  CHECK(order_of({"xhr"}) == ((1 << 30) - 2) / 2);
  CHECK(order_of({"request_method"}) == ((1 << 30) - 4) / 2);
  CHECK(order_of({"xhr", "request_method"}) == ((1 << 30) - 6) / 3);
}

TEST_CASE("more predicates come first, and of as many those further back in the list") {
  CHECK(order_of({"xhr", "request_method"}) < order_of({"custom"}));
  CHECK(order_of({"custom"}) < order_of({"header"}));
  CHECK(order_of({"header"}) < order_of({"xhr"}));
}

TEST_CASE("two predicates of one name weigh once but count twice") {
  CHECK(order_of({"custom", "custom"}) == ((1 << 30) - (1 << 12)) / 3);
}

TEST_CASE("the text does not depend on the order of asking") {
  PredicateList list;
  const auto text = [&](const std::string& a, const std::string& b) {
    return list.weigh({named(a), named(b)}).text;
  };
  CHECK(text("xhr", "header") == text("header", "xhr"));
  CHECK(list.weigh({}).text.empty());
}

TEST_CASE("a predicate of the app's own stands where it asks to") {
  PredicateList list;
  list.add("last", factory(), {});
  list.add("early", factory(), {.weighs_more_than = "xhr"});
  list.add("between", factory(), {.weighs_more_than = "early", .weighs_less_than = "header"});
  const auto weight = [&](const char* name) { return list.weigh({named(name)}).order; };
  CHECK(weight("last") < weight("custom"));
  CHECK(weight("early") < weight("xhr"));
  CHECK(weight("request_method") < weight("between"));
  CHECK(weight("between") < weight("early"));
}

TEST_CASE("a predicate of the app's own is made with its value, or refused") {
  PredicateList list;
  list.add("own", factory(), {});
  CHECK(list.make("own", "x").predicate.text == "own x");
  CHECK(list.make("own", not_("x")).predicate.text == "not own x");
}

TEST_CASE("unknown and doubled names are refused with what there is") {
  PredicateList list;
  list.add("own", factory(), {});
  CHECK_THROWS_WITH(list.make("oen", "x"), Contains("'oen'") && Contains("own"));
  CHECK_THROWS_AS(list.add("own", factory(), {}), ConfigurationError);
  CHECK_THROWS_AS(list.add("xhr", factory(), {}), ConfigurationError);
  CHECK_THROWS_AS(list.add("a", factory(), {.weighs_more_than = "nothing"}), ConfigurationError);
  CHECK_THROWS_WITH(list.weigh({named("hxr")}),
                    Contains("'hxr'") && Contains("xhr, request_method") && Contains("own"));
  CHECK_THROWS_AS(
      list.add("a", factory(), {.weighs_more_than = "header", .weighs_less_than = "xhr"}),
      ConfigurationError);
}

}  // namespace predicate_list_test
