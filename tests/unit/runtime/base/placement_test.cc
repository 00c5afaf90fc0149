#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/placement.h>

using namespace aiopyr;
using detail::Placement;

namespace {

constexpr detail::PlacementEnds kEnds{"thing", "FIRST", "LAST"};

std::string order_of(const std::vector<Placement>& wishes) {
  std::string order;
  for (const std::size_t index : detail::place_all(wishes, kEnds)) order += wishes[index].name;
  return order;
}

std::string error_of(const std::vector<Placement>& wishes) {
  try {
    return order_of(wishes);
  } catch (const ConfigurationError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("what asks for nothing comes behind what follows the first end, in its order") {
  CHECK(order_of({{"a", {}, {}}, {"b", {}, {}}, {"c", {}, {"FIRST"}}}) == "cab");
}

TEST_CASE("of those under one thing the last comes first") {
  CHECK(order_of({{"a", {}, {"FIRST"}}, {"b", {}, {"a"}}, {"c", {}, {"a"}}}) == "acb");
}

TEST_CASE("a wish is met wherever in the list its neighbours are") {
  CHECK(order_of({{"a", {"b"}, {"c"}}, {"b", {}, {"FIRST"}}, {"c", {}, {"FIRST"}}}) == "cab");
  CHECK(order_of({{"a", {}, {"b"}}, {"b", {"a"}, {}}}) == "ba");
}

TEST_CASE("names that nobody has are left out where others are there") {
  CHECK(order_of({{"a", {}, {"x", "b"}}, {"b", {"y", "a"}, {}}}) == "ba");
  CHECK(error_of({{"a", {"x", "y"}, {}}}) ==
        "thing 'a' has no place over 'x' or 'y': there is no such thing");
  CHECK(error_of({{"a", {}, {"x"}}}) == "thing 'a' has no place under 'x': there is no such thing");
}

TEST_CASE("a name that nobody has is let pass beside a neighbour's own wish, as in Pyramid") {
  CHECK(order_of({{"a", {"x"}, {}}, {"b", {}, {"a"}}}) == "ab");
}

TEST_CASE("a contradiction is told as a circle") {
  CHECK(error_of({{"a", {"a"}, {}}}) == "things have no order: 'a' over 'a'");
  CHECK(error_of({{"x", {}, {"a"}}, {"a", {"b"}, {}}, {"b", {"a"}, {}}}) ==
        "things have no order: 'a' over 'b' over 'a'");
  CHECK(error_of({{"a", {}, {"LAST"}}, {"b", {"LAST"}, {"a"}}}) ==
        "things have no order: 'LAST' over 'a' over 'b' over 'LAST'");
}
