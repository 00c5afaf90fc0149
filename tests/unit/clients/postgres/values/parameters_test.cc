#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/failing_allocations.h"
#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/parameters.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;

namespace {

struct Point {
  double x = 0;
  double y = 0;
};

enum class Level : short { kLow = 1, kHigh = 2 };

std::string bytes_at(const Parameters& parameters, std::size_t at) {
  const auto values = parameters.values();
  return {values[at], static_cast<std::size_t>(parameters.lengths()[at])};
}

}  // namespace

template <>
struct aiopyr::postgres::PostgresType<Point> {
  static constexpr TypeOids kOids{600, 1017};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(const Point& point, WireWriter& out) {
    PostgresType<double>::encode(point.x, out);
    PostgresType<double>::encode(point.y, out);
  }
  static Point decode(const Value& value) {
    if (value.type != 600 || value.is_text()) throw ValueError();
    WireReader reader(value.bytes);
    const auto read = [&reader] {
      return PostgresType<double>::decode({kFloat8Oid, Format::kBinary, reader.read(8)});
    };
    const Point point{read(), read()};
    reader.expect_end();
    return point;
  }
};

template <>
struct aiopyr::postgres::PostgresType<Level> {
  using Stored = short;
  static short to_stored(Level level) { return static_cast<short>(level); }
  static Level from_stored(short number) { return static_cast<Level>(number); }
};

TEST_CASE("parameters have the types, lengths and formats that libpq takes") {
  const Parameters parameters = encode(7, "text", true, std::string("x"), 1.5);
  REQUIRE(parameters.size() == 5);
  CHECK(std::vector<Oid>(parameters.types(), parameters.types() + 5) ==
        std::vector<Oid>{kInt4Oid, 0, kBoolOid, 0, kFloat8Oid});
  CHECK(std::vector<int>(parameters.formats(), parameters.formats() + 5) ==
        std::vector<int>{1, 0, 1, 0, 1});
  CHECK(std::vector<int>(parameters.lengths(), parameters.lengths() + 5) ==
        std::vector<int>{4, 4, 1, 1, 8});
  CHECK(bytes_at(parameters, 0) == bytes_of("\0\0\0\7"));
  // libpq finds the end of a text by its NUL.
  CHECK(std::string(parameters.values()[1]) == "text");
}

TEST_CASE("NULL is an empty optional, nullopt or nullptr") {
  const Parameters parameters =
      encode(std::optional<int>(), std::nullopt, nullptr, std::optional<std::string>("x"));
  const auto values = parameters.values();
  CHECK(values[0] == nullptr);
  CHECK(values[1] == nullptr);
  CHECK(values[2] == nullptr);
  CHECK(std::string(values[3]) == "x");
  CHECK(parameters.types()[0] == kInt4Oid);
  CHECK(parameters.types()[1] == 0);
}

TEST_CASE("parameters own their bytes") {
  Parameters parameters;
  {
    std::string text(1000, 'x');
    parameters = encode(text, std::string_view(text).substr(0, 3));
  }
  const Parameters copy = parameters;
  const Parameters moved = std::move(parameters);
  CHECK(bytes_at(moved, 0) == std::string(1000, 'x'));
  CHECK(bytes_at(copy, 1) == "xxx");
  const Parameters small = encode(1, "ab");
  Parameters other = small;
  CHECK(bytes_at(Parameters(std::move(other)), 1) == "ab");
}

TEST_CASE("four small parameters cost no allocation") {
  CHECK(encode(1, std::int64_t{2}, "a short text", true).is_inline());
  CHECK_FALSE(encode(1, 2, 3, 4, 5).is_inline());
  CHECK_FALSE(encode(std::string(100, 'x')).is_inline());
}

TEST_CASE("each allocation of parameters may fail") {
  testing::fail_each_allocation([] {
    return encode(1, 2, 3, 4, std::string_view("five"), std::vector<int>{6, 7, 8, 9, 10, 11, 12});
  });
}

TEST_CASE("a parameter that PostgreSQL cannot hold is an error that names it") {
  CHECK_THROWS_WITH(
      encode(1, std::numeric_limits<std::uint64_t>::max()),
      "postgres: parameter $2 (bigint) cannot be sent from unsigned long: it is too large for "
      "bigint");
  CHECK_THROWS_WITH(
      encode(bytes_of("a\0b")),
      "postgres: parameter $1 cannot be sent from std::string: it holds a NUL byte: send it "
      "as postgres::Bytes to a bytea column");
}

TEST_CASE("a statement has 65,535 parameters at most") {
  Parameters parameters;
  for (std::size_t at = 0; at < Parameters::kMost; ++at) parameters.add(true);
  CHECK(parameters.size() == 65535);
  CHECK_THROWS_AS(parameters.add(true), TypeError);
  CHECK(parameters.size() == 65535);
}

TEST_CASE("an app's type is sent and read in its own way, also in arrays") {
  const Parameters parameters =
      encode(Point{1, 2}, std::vector<Point>{{3, 4}}, Level::kHigh, std::optional<Level>());
  CHECK(parameters.types()[0] == 600);
  CHECK(parameters.types()[1] == 1017);
  CHECK(parameters.types()[2] == kInt2Oid);
  CHECK(parameters.types()[3] == kInt2Oid);
  const auto points = read_binary<std::vector<Point>>(1017, bytes_at(parameters, 1));
  REQUIRE(points.size() == 1);
  CHECK(points[0].y == 4);
  CHECK(read_binary<Level>(kInt2Oid, bytes_at(parameters, 2)) == Level::kHigh);
  CHECK_THROWS_AS(read_binary<Point>(600, std::string(15, 'x')), TypeError);
}
