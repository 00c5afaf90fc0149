#include <cmath>
#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/numbers.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;
using Catch::Matchers::Contains;

namespace {

template <class T>
T round_trip_number(T value) {
  return read_binary<T>(PostgresType<T>::kOids.element, wire_of(value));
}

template <class T>
void check_limits() {
  for (const T value : {std::numeric_limits<T>::min(), T{0}, T{1}, std::numeric_limits<T>::max()})
    CHECK(round_trip_number(value) == value);
}

}  // namespace

TEST_CASE("integers are sent big-endian, in the type of their size") {
  CHECK(wire_of(std::int16_t{-2}) == "\xFF\xFE");
  CHECK(wire_of(258) == bytes_of("\0\0\1\2"));
  CHECK(wire_of(std::int64_t{1} << 40) == bytes_of("\0\0\1\0\0\0\0\0"));
  CHECK(PostgresType<short>::kOids.element == kInt2Oid);
  CHECK(PostgresType<int>::kOids.element == kInt4Oid);
  CHECK(PostgresType<long>::kOids.element == kInt8Oid);
  CHECK(PostgresType<long long>::kOids.element == kInt8Oid);
}

TEST_CASE("an unsigned integer is sent in the next larger type") {
  CHECK(PostgresType<std::uint8_t>::kOids.element == kInt2Oid);
  CHECK(PostgresType<std::uint16_t>::kOids.element == kInt4Oid);
  CHECK(PostgresType<std::uint32_t>::kOids.element == kInt8Oid);
  CHECK(PostgresType<std::uint64_t>::kOids.element == kInt8Oid);
  CHECK(wire_of(std::uint16_t{65535}) == bytes_of("\0\0\xFF\xFF"));
  CHECK_THROWS_AS(wire_of(std::numeric_limits<std::uint64_t>::max()), ValueError);
}

TEST_CASE("integers of all sizes are read as they were sent") {
  check_limits<std::int8_t>();
  check_limits<std::int16_t>();
  check_limits<std::int32_t>();
  check_limits<std::int64_t>();
  check_limits<std::uint8_t>();
  check_limits<std::uint16_t>();
  check_limits<std::uint32_t>();
}

TEST_CASE("an integer is read into a wider type, and into a narrower one if it fits") {
  CHECK(read_binary<std::int64_t>(kInt2Oid, "\xFF\xFF") == -1);
  CHECK(read_binary<std::int16_t>(kInt8Oid, bytes_of("\0\0\0\0\0\0\1\0")) == 256);
  CHECK(read_binary<unsigned>(kOidOid, "\xFF\xFF\xFF\xFF") == 4294967295);
  CHECK_THROWS_WITH(
      read_binary<short>(kInt4Oid, bytes_of("\0\1\0\0")),
      "postgres: column 'x' (integer) cannot be read as short: the value does not fit");
  CHECK_THROWS_WITH(read_binary<unsigned>(kInt4Oid, "\xFF\xFF\xFF\xFF"),
                    Contains("(integer)") && Contains("unsigned int: the value does not fit"));
}

TEST_CASE("integers are read from text") {
  CHECK(read_text<int>(kInt4Oid, "-2147483648") == std::numeric_limits<int>::min());
  CHECK(read_text<std::int64_t>(kInt8Oid, "9223372036854775807") ==
        std::numeric_limits<std::int64_t>::max());
  for (const char* text : {"", "1x", " 1", "9223372036854775808", "1.0"})
    CHECK_THROWS_AS(read_text<std::int64_t>(kInt8Oid, text), TypeError);
}

TEST_CASE("an integer of a wrong length is an error") {
  for (const std::size_t size : {0, 1, 3, 5, 8})
    CHECK_THROWS_AS(read_binary<int>(kInt4Oid, std::string(size, '\1')), TypeError);
}

TEST_CASE("a column that is no integer is not read as one") {
  CHECK_THROWS_WITH(read_binary<int>(kTextOid, "1"),
                    "postgres: column 'x' (text) cannot be read as int");
  CHECK_THROWS_WITH(read_binary<int>(kFloat8Oid, std::string(8, '\0')),
                    Contains("(double precision)"));
  CHECK_THROWS_WITH(read_binary<long>(kNumericOid, std::string(8, '\0')), Contains("::bigint"));
  CHECK_THROWS_WITH(read_binary<int>(99999, "1"), Contains("(type with OID 99999)"));
}

TEST_CASE("truth values are one byte, and t or f in text") {
  CHECK(wire_of(true) == "\1");
  CHECK(read_binary<bool>(kBoolOid, "\1"));
  CHECK_FALSE(read_binary<bool>(kBoolOid, bytes_of("\0")));
  CHECK(read_text<bool>(kBoolOid, "t"));
  CHECK_FALSE(read_text<bool>(kBoolOid, "f"));
  for (const char* text : {"", "x", "true"})
    CHECK_THROWS_AS(read_text<bool>(kBoolOid, text), TypeError);
  CHECK_THROWS_AS(read_binary<bool>(kInt4Oid, bytes_of("\0\0\0\1")), TypeError);
}

TEST_CASE("floating-point numbers keep their bits") {
  for (const double value : {0.0, -0.0, 0.1, 1e308, -5e-324, HUGE_VAL, -HUGE_VAL})
    CHECK(round_trip_number(value) == value);
  CHECK(std::isnan(round_trip_number(std::nan(""))));
  CHECK(round_trip_number(0.1F) == 0.1F);
}

TEST_CASE("a float is read into a double, and a double into a float if it is in range") {
  CHECK(read_binary<double>(kFloat4Oid, wire_of(0.5F)) == 0.5);
  CHECK(read_binary<float>(kFloat8Oid, wire_of(0.1)) == 0.1F);
  CHECK(std::isinf(read_binary<float>(kFloat8Oid, wire_of(HUGE_VAL))));
  CHECK_THROWS_WITH(
      read_binary<float>(kFloat8Oid, wire_of(1e300)),
      "postgres: column 'x' (double precision) cannot be read as float: the value does not fit");
}

TEST_CASE("floating-point numbers are read from text") {
  CHECK(read_text<double>(kFloat8Oid, "1e-07") == 1e-07);
  CHECK(read_text<double>(kFloat8Oid, "-Infinity") == -HUGE_VAL);
  CHECK(std::isnan(read_text<double>(kFloat8Oid, "NaN")));
  for (const char* text : {"", "x", "1,5", "1e999"})
    CHECK_THROWS_AS(read_text<double>(kFloat8Oid, text), TypeError);
  CHECK_THROWS_WITH(read_binary<double>(kNumericOid, "x"), Contains("::float8"));
}

TEST_CASE("numeric is its exact text") {
  // Digits, weight, sign, decimals; then groups of four digits.
  const auto read = [](std::string bytes) {
    return read_binary<Numeric>(kNumericOid, std::move(bytes)).text;
  };
  CHECK(read(bytes_of("\0\0\0\0\0\0\0\0")) == "0");
  CHECK(read(bytes_of("\0\0\0\0\0\0\0\3")) == "0.000");
  CHECK(read(bytes_of("\0\2\0\0\0\0\0\2\0\x0C\x13\x88")) == "12.50");
  CHECK(read(bytes_of("\0\2\0\0\x40\0\0\2\0\x0C\x13\x88")) == "-12.50");
  CHECK(read(bytes_of("\0\1\0\2\0\0\0\0\0\1")) == "100000000");
  CHECK(read(bytes_of("\0\2\0\1\0\0\0\0\0\1\0\2")) == "10002");
  CHECK(read(bytes_of("\0\1\xFF\xFE\0\0\0\x8\0\7")) == "0.00000007");
  CHECK(read(bytes_of("\0\1\xFF\xFE\0\0\0\x9\0\7")) == "0.000000070");
  CHECK(read(bytes_of("\0\0\0\0\xC0\0\0\0")) == "NaN");
  CHECK(read(bytes_of("\0\0\0\0\xD0\0\0\0")) == "Infinity");
  CHECK(read(bytes_of("\0\0\0\0\xF0\0\0\0")) == "-Infinity");
  CHECK(read_text<Numeric>(kNumericOid, "1.50").text == "1.50");
  CHECK(read_binary<std::string>(kNumericOid, bytes_of("\0\2\0\0\0\0\0\2\0\x0C\x13\x88")) ==
        "12.50");
}

TEST_CASE("a malformed numeric is an error") {
  const std::string good = bytes_of("\0\2\0\0\0\0\0\2\0\x0C\x13\x88");
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    CHECK_THROWS_AS(read_binary<Numeric>(kNumericOid, good.substr(0, cut)), TypeError);
  CHECK_THROWS_AS(read_binary<Numeric>(kNumericOid, good + "x"), TypeError);
  // A digit of 10,000, an unknown sign, too many decimals, more digits than there are bytes.
  CHECK_THROWS_AS(read_binary<Numeric>(kNumericOid, bytes_of("\0\1\0\0\0\0\0\0\x27\x10")),
                  TypeError);
  CHECK_THROWS_AS(read_binary<Numeric>(kNumericOid, bytes_of("\0\0\0\0\x12\0\0\0")), TypeError);
  CHECK_THROWS_AS(read_binary<Numeric>(kNumericOid, bytes_of("\0\0\0\0\0\0\xFF\xFF")), TypeError);
  CHECK_THROWS_AS(read_binary<Numeric>(kNumericOid, bytes_of("\xFF\xFF\0\0\0\0\0\0")), TypeError);
}
