#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/json/json_writer.h>

using aiopyr::Json;
using aiopyr::write_json;

namespace {

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

TEST_CASE("JSON is written without spaces, its members in their order") {
  const Json value{
      {"b", 1}, {"a", {1, -2, 3.5}}, {"c", nullptr}, {"d", {{"e", true}, {"f", false}}}};
  CHECK(write_json(value) == R"({"b":1,"a":[1,-2,3.5],"c":null,"d":{"e":true,"f":false}})");
  CHECK(write_json(Json::object()) == "{}");
  CHECK(write_json(Json::array()) == "[]");
  CHECK(write_json(Json("text")) == R"("text")");
}

TEST_CASE("numbers are written as Json itself writes them") {
  for (const Json& number :
       {Json(0), Json(-1), Json(std::numeric_limits<std::int64_t>::min()),
        Json(std::numeric_limits<std::int64_t>::max()),
        Json(std::numeric_limits<std::uint64_t>::max()), Json(0.0), Json(-0.0), Json(1.0),
        Json(0.1), Json(1e300), Json(5e-324), Json(123456789012345680.0), Json(std::nan("")),
        Json(std::numeric_limits<double>::infinity())}) {
    CHECK(write_json(number) == dumped(number));
  }
}

TEST_CASE("each byte in a text is written as Json itself writes it") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "b";
    INFO(byte);
    CHECK(write_json(Json(text)) == dumped(Json(text)));
    const Json member{{text, text}};
    CHECK(write_json(member) == dumped(member));
  }
}

TEST_CASE("texts of many bytes are written as Json itself writes them") {
  for (const std::string text : {"", "\"", "\\\\\"\"", "\n\nab\tc\n", "Gr\xC3\xBC\xC3\x9F Gott",
                                 "\xF0\x9F\x98\x80", "\xE2\x80\xA8", "ends in half of one \xC3",
                                 "\xC3\x28 \"quoted\"", "\xED\xA0\x80", "\xFF"}) {
    INFO(text);
    CHECK(write_json(Json(text)) == dumped(Json(text)));
  }
}

TEST_CASE("what JSON does not know is written as Json itself writes it") {
  const Json bytes = Json::binary({1, 2, 255});
  CHECK(write_json(bytes) == dumped(bytes));
  const Json nothing(Json::value_t::discarded);
  CHECK(write_json(nothing) == dumped(nothing));
}
