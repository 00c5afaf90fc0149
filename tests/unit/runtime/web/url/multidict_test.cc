#include <catch2/catch.hpp>

#include "tests/unit/support/bad_request.h"
#include <aiopyr/runtime/web/url/multidict.h>

using namespace aiopyr;

TEST_CASE("a key gives its last value, getall gives all in order", "[web][multidict]") {
  const MultiDict dict{{"a", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(dict["a"] == "3");
  CHECK(dict.getall("a") == std::vector<std::string>{"1", "3"});
  CHECK(dict.getall("c").empty());
  CHECK(dict.get("a") == "3");
  CHECK(dict.get("c") == std::nullopt);
  CHECK(dict.get("c", "none") == "none");
  CHECK(dict.contains("b"));
  CHECK_FALSE(dict.contains("B"));
}

TEST_CASE("of two nested ones the first counts, and all of both are there", "[web][multidict]") {
  const MultiDict first{{"a", "1"}, {"a", "2"}, {"b", "3"}};
  const MultiDict second{{"a", "4"}, {"c", "5"}, {"c", "6"}};
  MultiDict both = MultiDict::nested(first, second);
  CHECK(both["a"] == "2");
  CHECK(both["b"] == "3");
  CHECK(both["c"] == "6");
  CHECK_FALSE(both.contains("d"));
  CHECK(both.getall("a") == std::vector<std::string>{"1", "2", "4"});
  CHECK(both.size() == 6);
  CHECK(MultiDict::nested({}, second)["a"] == "4");
  CHECK(MultiDict::nested(first, {})["a"] == "2");
  both.add("a", "7");
  CHECK(both["a"] == "7");
}

TEST_CASE("getone wants exactly one value", "[web][multidict]") {
  const MultiDict dict{{"a", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(dict.getone("b") == "2");
  CHECK_THAT(bad_request_of([&] { static_cast<void>(dict.getone("a")); }), Catch::Contains("'a'"));
  CHECK_THAT(bad_request_of([&] { static_cast<void>(dict.getone("c")); }), Catch::Contains("'c'"));
}

TEST_CASE("set drops the other values and goes to the end", "[web][multidict]") {
  MultiDict dict{{"a", "1"}, {"b", "2"}, {"a", "3"}};
  dict.set("a", "4");
  CHECK(dict == MultiDict{{"b", "2"}, {"a", "4"}});
  CHECK(dict.erase(dict.items()[0].first) == 1);
  CHECK(dict.size() == 1);
}

TEST_CASE("numbers convert where the whole text is one", "[web][multidict]") {
  const MultiDict dict{{"i", "-12"}, {"plus", "+5"}, {"space", " 7 "}, {"d", "0.25"}, {"e", "1e3"}};
  CHECK(dict.get<int>("i") == -12);
  CHECK(dict.get<unsigned>("plus") == 5);
  CHECK(dict.get<long>("space") == 7);
  CHECK(dict.get<double>("d") == 0.25);
  CHECK(dict.get<double>("e") == 1000);
  CHECK(dict.get<double>("i") == -12);
  CHECK(dict.get<std::string>("i") == "-12");
}

TEST_CASE("a fallback counts only where the key is missing", "[web][multidict]") {
  const MultiDict dict{{"n", "1"}, {"bad", "x"}, {"empty", ""}};
  CHECK(dict.get<double>("missing", 0.1) == 0.1);
  CHECK(dict.get<int>("n", 9) == 1);
  CHECK(dict.get<std::string>("missing", "d") == "d");
  CHECK_THROWS_AS(dict.get<int>("bad", 9), HTTPBadRequest);
  CHECK_THROWS_AS(dict.get<int>("empty", 9), HTTPBadRequest);
}

TEST_CASE("what is no number is a bad request", "[web][multidict]") {
  for (const char* text :
       {"", " ", "abc", "1x", "0x10", "--1", "+-1", "1.5", "1 2", "99999999999"}) {
    CAPTURE(text);
    const MultiDict dict{{"n", text}};
    CHECK_THROWS_AS(dict.get<int>("n"), HTTPBadRequest);
  }
  for (const char* text : {"", "abc", "nan", "inf", "-infinity", "1e999", "1,5", "0x1p3", "1.5s"}) {
    CAPTURE(text);
    const MultiDict dict{{"n", text}};
    CHECK_THROWS_AS(dict.get<double>("n"), HTTPBadRequest);
  }
}

TEST_CASE("integers are checked against their type's range", "[web][multidict]") {
  const MultiDict dict{{"n", "256"}, {"minus", "-1"}, {"max", "18446744073709551615"}};
  CHECK_THROWS_AS(dict.get<std::uint8_t>("n"), HTTPBadRequest);
  CHECK(dict.get<std::int16_t>("n") == 256);
  CHECK_THROWS_AS(dict.get<unsigned>("minus"), HTTPBadRequest);
  CHECK(dict.get<std::uint64_t>("max") == 18446744073709551615U);
  CHECK_THROWS_AS(dict.get<std::int64_t>("max"), HTTPBadRequest);
}

TEST_CASE("a bool is true for the truthy strings only", "[web][multidict]") {
  const MultiDict dict{{"yes", "Yes"}, {"no", "no"}, {"empty", ""}};
  CHECK(dict.get<bool>("yes"));
  CHECK_FALSE(dict.get<bool>("no", true));
  CHECK_FALSE(dict.get<bool>("empty"));
  CHECK(dict.get<bool>("missing", true));
}

TEST_CASE("the bad request names the parameter and shows its value harmlessly",
          "[web][multidict]") {
  const MultiDict dict{{"sleep", "a\r\nb"}};
  const std::string detail = bad_request_of([&] { static_cast<void>(dict.get<double>("sleep")); });
  CHECK(detail == "The parameter 'sleep' must be a number, not 'a\\x0d\\x0ab'.");
  CHECK(bad_request_of([&] { static_cast<void>(dict.get<int>("wait")); }) ==
        "The parameter 'wait' is missing.");
}
