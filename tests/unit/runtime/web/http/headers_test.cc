#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/headers.h>

using namespace aiopyr;

TEST_CASE("headers are found without regard to case and keep their order", "[web][headers]") {
  Headers headers{{"B", "1"}, {"A", "2"}, {"b", "3"}};
  CHECK(headers.get("b") == "1");
  CHECK(headers.getall("B") == std::vector<std::string_view>{"1", "3"});
  CHECK(headers.items()[1] == Headers::Field{"A", "2"});
  CHECK_FALSE(headers.get("C").has_value());
  CHECK(headers.get("C", "none") == "none");
}

TEST_CASE("set replaces all fields of a name at the first one's place", "[web][headers]") {
  Headers headers{{"X", "1"}, {"Y", "2"}, {"x", "3"}};
  headers.set("x", "4");
  CHECK(headers.items() == std::vector<Headers::Field>{{"X", "4"}, {"Y", "2"}});
  headers.set("Z", "5");
  CHECK(headers.get("Z") == "5");
}

TEST_CASE("erase removes every field of a name, even by its own name", "[web][headers]") {
  Headers headers{{"Name", "1"}, {"name", "2"}, {"Other", "3"}};
  CHECK(headers.erase(headers.items()[0].first) == 2);
  CHECK(headers.size() == 1);
  CHECK(headers.erase("Name") == 0);
}

TEST_CASE("nobody can inject a header", "[web][headers]") {
  Headers headers;
  for (const std::string& value : {std::string("a\r\nX: y"), std::string("a\nb"),
                                   std::string("a\r"), std::string("a\0b", 3)}) {
    CHECK_THROWS_AS(headers.add("X", value), Error);
    CHECK_THROWS_AS(headers.set("X", value), Error);
    CHECK_FALSE(headers.try_add("X", value));
  }
  for (const std::string_view name : {"", "X Y", "X:", "X\r\nY", "X\n"}) {
    CHECK_THROWS_AS(headers.add(name, "v"), Error);
    CHECK_THROWS_AS(headers.set(name, "v"), Error);
    CHECK_FALSE(headers.try_add(name, "v"));
  }
  CHECK(headers.empty());
}

TEST_CASE("the error for a bad value names the header but not the value", "[web][headers]") {
  Headers headers;
  CHECK_THROWS_WITH(headers.add("X-Mine", "secret\r\n"),
                    Catch::Contains("X-Mine") && !Catch::Contains("secret"));
}

TEST_CASE("a value may hold a tab and bytes above ASCII", "[web][headers]") {
  Headers headers;
  headers.add("X", "a\tb\xC3\xA9");
  CHECK(headers.get("X") == "a\tb\xC3\xA9");
}

TEST_CASE("headers can be extended with themselves", "[web][headers]") {
  Headers headers{{"A", "1"}, {"B", "2"}};
  headers.extend(headers);
  CHECK(headers.size() == 4);
  CHECK(headers.items()[3].second == "2");
}
