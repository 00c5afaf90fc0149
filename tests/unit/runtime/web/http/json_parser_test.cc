#include <catch2/catch.hpp>

#include "tests/unit/support/bad_request.h"
#include <aiopyr/runtime/web/http/json_parser.h>

using namespace aiopyr;

namespace {

std::string json_error_of(const std::string& text) {
  return bad_request_of([&] { static_cast<void>(parse_json(text)); });
}

}  // namespace

TEST_CASE("JSON of every kind is parsed", "[web][json]") {
  const std::string text =
      R"({"z":[1,-2,0.5,true,false,null,"x\u00e9"],"a":{"b":[],"c":{}},"m":[[1],[{"k":2}]]})";
  CHECK(parse_json(text).dump() ==
        "{\"z\":[1,-2,0.5,true,false,null,\"x\xC3\xA9\"],\"a\":{\"b\":[],\"c\":{}},"
        "\"m\":[[1],[{\"k\":2}]]}");
  CHECK(parse_json(" 5 ") == Json(5));
}

TEST_CASE("of a name given twice the last value counts", "[web][json]") {
  CHECK(parse_json(R"({"a":{"x":1},"b":2,"a":[3]})").dump() == R"({"a":[3],"b":2})");
}

TEST_CASE("a large object keeps its order and its last values", "[web][json]") {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i)
    text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  const Json value = parse_json(text + "\"k500\":{\"n\":1},\"k3\":-1}");
  REQUIRE(value.size() == 1000);
  CHECK(value.begin().key() == "k0");
  CHECK(value["k999"] == 999);
  CHECK(value["k500"]["n"] == 1);
  CHECK(value["k3"] == -1);
}

TEST_CASE("malformed JSON is a bad request with line, column and byte", "[web][json]") {
  CHECK_THAT(json_error_of("{\n  \"a\": nope}"), Catch::Contains("line 2, column 9 (byte 11)"));
  CHECK_THAT(json_error_of(""), Catch::Contains("line 1, column 1"));
  CHECK_THAT(json_error_of("[1,]"), Catch::Contains("byte 4"));
  CHECK_THAT(json_error_of("[1] x"), Catch::Contains("byte 5"));
  CHECK_THAT(json_error_of("\"\xff\""), Catch::Contains("byte 2") && Catch::Contains("UTF-8"));
  CHECK_THAT(json_error_of("1e999"), Catch::Contains("overflow"));
}

TEST_CASE("an integer beyond 64 bits is refused, and never rounded", "[web][json]") {
  CHECK(parse_json("18446744073709551615").dump() == "18446744073709551615");
  CHECK(parse_json("-9223372036854775808").dump() == "-9223372036854775808");
  for (const std::string text :
       {"18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"}) {
    CHECK_THAT(json_error_of(R"({"n":[1,)" + text + "]}"),
               Catch::Contains(text) && Catch::Contains("64 bits"));
  }
  CHECK(json_error_of(std::string(300, '9')).size() < 200);
  CHECK(parse_json("18446744073709551616.0").is_number_float());
  CHECK(parse_json("1e20") == Json(1e20));
}

TEST_CASE("the message does not repeat what the client sent", "[web][json]") {
  CHECK_THAT(json_error_of("[<script>]"), !Catch::Contains("script"));
  CHECK(json_error_of("[" + std::string(5000, '9') + "e999]").size() < 200);
}

TEST_CASE("nesting is bounded", "[web][json]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK_NOTHROW(parse_json(nested(kMaxJsonDepth)));
  CHECK_THAT(json_error_of(nested(kMaxJsonDepth + 1)), Catch::Contains("deeper than 200"));
  CHECK_THAT(json_error_of(std::string(1000000, '[')), Catch::Contains("deeper than 200"));
}
