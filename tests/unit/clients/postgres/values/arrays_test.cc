#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/arrays.h>
#include <aiopyr/clients/postgres/values/numbers.h>
#include <aiopyr/clients/postgres/values/text.h>
#include <aiopyr/clients/postgres/values/uuid.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;
using Catch::Matchers::Contains;

namespace {

constexpr Oid kInt4Array = 1007;
constexpr Oid kTextArray = 1009;

using Ints = std::vector<int>;
using MaybeInts = std::vector<std::optional<int>>;
using Texts = std::vector<std::string>;
using MaybeTexts = std::vector<std::optional<std::string>>;

}  // namespace

TEST_CASE("arrays are sent in the binary format and read as they were sent") {
  CHECK(PostgresType<Ints>::kOids.element == kInt4Array);
  CHECK(wire_of(Ints{}) == bytes_of("\0\0\0\0\0\0\0\0\0\0\0\x17"));
  const std::string wire = wire_of(MaybeInts{1, std::nullopt});
  CHECK(wire == bytes_of("\0\0\0\1\0\0\0\1\0\0\0\x17\0\0\0\2\0\0\0\1"
                         "\0\0\0\4\0\0\0\1\xFF\xFF\xFF\xFF"));
  CHECK(read_binary<MaybeInts>(kInt4Array, wire) == MaybeInts{1, std::nullopt});
  CHECK(read_binary<Ints>(kInt4Array, wire_of(Ints{5, 6, 7})) == Ints{5, 6, 7});
  CHECK(read_binary<Ints>(kInt4Array, wire_of(Ints{})).empty());
  CHECK(read_binary<std::vector<bool>>(1000, wire_of(std::vector<bool>{true, false})) ==
        std::vector<bool>{true, false});
  const std::vector<Uuid> uuids{Uuid::random(), Uuid::random()};
  CHECK(read_binary<std::vector<Uuid>>(2951, wire_of(uuids)) == uuids);
  const std::vector<Bytes> bytes{{std::byte{1}}, {}};
  CHECK(read_binary<std::vector<Bytes>>(1001, wire_of(bytes)) == bytes);
}

TEST_CASE("arrays of texts are sent as text, whose type the server infers") {
  CHECK(PostgresType<Texts>::kOids.element == 0);
  CHECK(wire_of(Texts{}) == "{}");
  CHECK(wire_of(MaybeTexts{"a", "", "NULL", std::nullopt, "say \"hi\" \\ {,}"}) ==
        R"({"a","","NULL",NULL,"say \"hi\" \\ {,}"})");
  CHECK(wire_of(std::vector<std::string_view>{"a"}) == R"({"a"})");
  CHECK(wire_of(std::vector<Numeric>{{"1.5"}}) == R"({"1.5"})");
  CHECK_THROWS_WITH(wire_of(Texts{"a", bytes_of("b\0c")}), Contains("element 2: it holds a NUL"));
}

TEST_CASE("arrays are read from text") {
  CHECK(read_text<Ints>(kInt4Array, "{}").empty());
  CHECK(read_text<MaybeInts>(kInt4Array, "{1,NULL,-3}") == MaybeInts{1, std::nullopt, -3});
  CHECK(read_text<Ints>(kInt4Array, "[0:1]={4,5}") == Ints{4, 5});
  CHECK(read_text<MaybeTexts>(kTextArray, R"({a b,"","NULL",NULL,"\"\\,{}",\N})") ==
        MaybeTexts{"a b", "", "NULL", std::nullopt, "\"\\,{}", "N"});
  const MaybeTexts all{"a", "", "NULL", std::nullopt, "\"{}\\, \t\n'"};
  CHECK(read_text<MaybeTexts>(kTextArray, wire_of(all)) == all);
}

TEST_CASE("a malformed array of text is an error") {
  for (const char* text : {"", "{", "}", "{1", "{1,", "{1,}", "{,1}", "{1}x", "[0:1={1}", "[0:1]",
                           "{\"1}", "{\"1\"", "{1\\", "1", "{\"1\"2}"})
    CHECK_THROWS_AS(read_text<MaybeInts>(kInt4Array, text), TypeError);
  for (const char* text : {"{{1},{2}}", "[1:2][1:1]={{1},{2}}"})
    CHECK_THROWS_WITH(read_text<Ints>(kInt4Array, text), Contains("several dimensions"));
}

TEST_CASE("an array of the binary format that is cut is an error") {
  const std::string good = wire_of(MaybeInts{1, std::nullopt, 3});
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    CHECK_THROWS_AS(read_binary<MaybeInts>(kInt4Array, good.substr(0, cut)), TypeError);
  CHECK_THROWS_AS(read_binary<MaybeInts>(kInt4Array, good + "x"), TypeError);
}

TEST_CASE("an array whose header lies is an error, and costs no memory") {
  const std::string element = bytes_of("\0\0\0\4\0\0\0\1");
  const auto read = [&element](const std::string& header) {
    return read_binary<Ints>(kInt4Array, header + element);
  };
  CHECK(read(bytes_of("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1")) == Ints{1});
  // A count of two thousand millions, and below zero.
  CHECK_THROWS_AS(read(bytes_of("\0\0\0\1\0\0\0\0\0\0\0\x17\x7F\xFF\xFF\xFF\0\0\0\1")), TypeError);
  CHECK_THROWS_AS(read(bytes_of("\0\0\0\1\0\0\0\0\0\0\0\x17\xFF\xFF\xFF\xFF\0\0\0\1")), TypeError);
  // Dimensions below zero, of which there are two, and flags that there are not.
  CHECK_THROWS_AS(read(bytes_of("\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\x17")), TypeError);
  CHECK_THROWS_WITH(read(bytes_of("\0\0\0\2\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1")),
                    Contains("several dimensions"));
  CHECK_THROWS_AS(read(bytes_of("\0\0\0\1\0\0\0\2\0\0\0\x17\0\0\0\1\0\0\0\1")), TypeError);
  // Elements of another type than the column's, and lengths of them that there are not.
  CHECK_THROWS_WITH(
      read(bytes_of("\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1")),
      "postgres: column 'x' (integer[]) cannot be read as std::vector<int>: element 1");
  const std::string one = bytes_of("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1");
  CHECK_THROWS_AS(read_binary<Ints>(kInt4Array, one + bytes_of("\xFF\xFF\xFF\xFE")), TypeError);
  CHECK_THROWS_AS(read_binary<Ints>(kInt4Array, one + bytes_of("\x7F\xFF\xFF\xFF")), TypeError);
}

TEST_CASE("a NULL among elements that cannot be NULL is an error that names its place") {
  CHECK_THROWS_WITH(read_text<Ints>(kInt4Array, "{1,NULL}"),
                    Contains("element 2: it is NULL: take a vector of std::optional"));
}

TEST_CASE("what is no array is not read as one") {
  CHECK_THROWS_WITH(read_binary<Ints>(kInt4Oid, bytes_of("\0\0\0\1")),
                    "postgres: column 'x' (integer) cannot be read as std::vector<int>");
  CHECK_THROWS_AS(read_binary<int>(kInt4Array, bytes_of("\0\0\0\1")), TypeError);
  CHECK_THROWS_AS(read_binary<Texts>(kInt4Array, wire_of(Ints{1})), TypeError);
}
