#include <optional>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/bytes.h>
#include <aiopyr/clients/postgres/values/json.h>
#include <aiopyr/clients/postgres/values/text.h>
#include <aiopyr/clients/postgres/values/uuid.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;
using Catch::Matchers::Contains;

namespace {

constexpr Oid kEnumOid = 16403;
constexpr const char* kSomeUuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

Bytes bytes(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

}  // namespace

TEST_CASE("text is read in all its types, as it is") {
  for (const Oid type :
       {kTextOid, kVarcharOid, kBpcharOid, kNameOid, kXmlOid, kJsonOid, kEnumOid}) {
    CHECK(read_binary<std::string>(type, "h\xC3\xA9 \xFF") == "h\xC3\xA9 \xFF");
    CHECK(read_text<std::string>(type, "abc") == "abc");
  }
  CHECK(read_binary<std::string>(kJsonbOid, "\1{}") == "{}");
  CHECK(read_binary<std::string>(kTextOid, "").empty());
}

TEST_CASE("what the server has sent as text is read as text, whatever its type") {
  CHECK(read_text<std::string>(kInt4Oid, "42") == "42");
  CHECK(read_text<std::string>(1186, "1 day") == "1 day");
}

TEST_CASE("the binary format of other types is not read as text") {
  CHECK_THROWS_WITH(read_binary<std::string>(kInt4Oid, "abcd"),
                    "postgres: column 'x' (integer) cannot be read as std::string");
  CHECK_THROWS_WITH(read_binary<std::string>(kEnumOid, bytes_of("\0\0\0\1")), Contains("x::text"));
  CHECK_THROWS_AS(read_binary<std::string>(kJsonbOid, "\2{}"), TypeError);
  CHECK_THROWS_AS(read_binary<std::string>(kJsonbOid, ""), TypeError);
}

TEST_CASE("a text with a NUL byte is not sent") {
  CHECK(wire_of(std::string("abc")) == "abc");
  CHECK_THROWS_AS(wire_of(bytes_of("a\0b")), ValueError);
  CHECK_THROWS_AS(wire_of(JsonText{bytes_of("\"\0\"")}), ValueError);
  CHECK_THROWS_AS(wire_of(static_cast<const char*>(nullptr)), ValueError);
}

TEST_CASE("JSON is sent as jsonb, and read from both types") {
  CHECK(wire_of(JsonText{"[1]"}) == "\1[1]");
  CHECK(read_binary<JsonText>(kJsonbOid, "\1[1]").text == "[1]");
  CHECK(read_binary<JsonText>(kJsonOid, "[1]").text == "[1]");
  CHECK_THROWS_AS(read_binary<JsonText>(kTextOid, "[1]"), TypeError);
}

TEST_CASE("nlohmann's values are JSON") {
  using nlohmann::json;
  CHECK(wire_of(json{{"a", 1}}) == "\1{\"a\":1}");
  CHECK(read_binary<json>(kJsonbOid, "\1{\"a\": [null]}")["a"][0].is_null());
  CHECK(read_binary<std::optional<nlohmann::ordered_json>>(kJsonOid, "{\"b\":1,\"a\":2}")->dump() ==
        "{\"b\":1,\"a\":2}");
  CHECK_THROWS_WITH(read_binary<json>(kJsonOid, "{secret"),
                    Contains("cannot be read as JSON") && !Contains("secret"));
  CHECK_THROWS_AS(wire_of(json("\xFF")), ValueError);
}

TEST_CASE("bytes are sent and read as they are") {
  const Bytes all = bytes(bytes_of("\0\x7F\xFF"));
  CHECK(wire_of(all) == bytes_of("\0\x7F\xFF"));
  CHECK(wire_of(std::span<const std::byte>(all)) == bytes_of("\0\x7F\xFF"));
  CHECK(read_binary<Bytes>(kByteaOid, bytes_of("\0\x7F\xFF")) == all);
  CHECK(read_binary<Bytes>(kByteaOid, "").empty());
  CHECK_THROWS_AS(read_binary<Bytes>(kTextOid, "abc"), TypeError);
}

TEST_CASE("bytes are read from text in both of PostgreSQL's forms") {
  CHECK(read_text<Bytes>(kByteaOid, "\\x00fFa0") == bytes(bytes_of("\0\xFF\xA0")));
  CHECK(read_text<Bytes>(kByteaOid, "\\x").empty());
  CHECK(read_text<Bytes>(kByteaOid, "a\\\\\\000\\377") == bytes(bytes_of("a\\\0\xFF")));
  for (const char* text : {"\\x0", "\\x0g", "\\", "\\12", "\\400", "\\8aa"})
    CHECK_THROWS_AS(read_text<Bytes>(kByteaOid, text), TypeError);
}

TEST_CASE("a UUID is 16 bytes, and its text in either case") {
  const Uuid uuid = Uuid::parse(kSomeUuid).value();
  CHECK(uuid.bytes[0] == 0xF8);
  CHECK(uuid.bytes[15] == 0xF6);
  CHECK(uuid.text() == kSomeUuid);
  CHECK(Uuid::parse("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6") == uuid);
  CHECK(wire_of(uuid).size() == 16);
  CHECK(read_binary<Uuid>(kUuidOid, wire_of(uuid)) == uuid);
  CHECK(read_text<Uuid>(kUuidOid, kSomeUuid) == uuid);
  CHECK(read_binary<std::string>(kUuidOid, wire_of(uuid)) == kSomeUuid);
}

TEST_CASE("what is no UUID is refused") {
  const std::string good = kSomeUuid;
  for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(Uuid::parse(good.substr(0, cut)));
  CHECK_FALSE(Uuid::parse(good + "0"));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char wrong : {'g', '-', ' ', '+'}) {
      std::string changed = good;
      changed[at] = wrong;
      if (changed != good) CHECK_FALSE(Uuid::parse(changed));
    }
  }
  CHECK_THROWS_AS(read_binary<Uuid>(kUuidOid, std::string(15, 'x')), TypeError);
  CHECK_THROWS_AS(read_text<Uuid>(kUuidOid, "x"), TypeError);
  CHECK_THROWS_AS(read_binary<Uuid>(kByteaOid, std::string(16, 'x')), TypeError);
}

TEST_CASE("random UUIDs are of version 4 and no two alike") {
  const Uuid uuid = Uuid::random();
  CHECK(uuid.text()[14] == '4');
  CHECK(std::string_view("89ab").find(uuid.text()[19]) != std::string_view::npos);
  CHECK(uuid != Uuid::random());
}
