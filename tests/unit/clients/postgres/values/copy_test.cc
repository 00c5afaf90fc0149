#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/copy.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

using Micros = std::chrono::sys_time<std::chrono::microseconds>;

template <class... T>
std::string line_of(const T&... values) {
  CopyLines lines;
  lines.add(values...);
  return lines.take();
}

template <class T>
void check_copied(const T& value) {
  const std::string line = line_of(value);
  INFO(line);
  CHECK(CopyFields(line).get<T>(0) == value);
  CHECK(CopyFields(line).get<std::optional<T>>(0) == value);
}

}  // namespace

TEST_CASE("rows are copied as lines, with a tab between values") {
  CHECK(line_of(1, "a", true, std::nullopt, std::optional<int>(), nullptr, 0.5) ==
        "1\ta\tt\t\\N\t\\N\t\\N\t0.5\n");
  CopyLines lines;
  CHECK(lines.empty());
  lines.add(1);
  lines.add(std::optional<std::string>("x"));
  CHECK(lines.size() == 4);
  CHECK(lines.take() == "1\nx\n");
  CHECK(lines.empty());
}

TEST_CASE("bytes that would end a value are escaped") {
  CHECK(line_of(std::string("a\tb\nc\\d\re\b\f\v")) == "a\\tb\\nc\\\\d\\re\\b\\f\\v\n");
  CHECK(line_of("\\N", "\\.") == "\\\\N\t\\\\.\n");
  CHECK(line_of("") == "\n");
}

TEST_CASE("a value that PostgreSQL cannot hold is an error, and its row is not begun") {
  CopyLines lines;
  lines.add("good");
  CHECK_THROWS_WITH(lines.add(1, bytes_of("a\0b")),
                    Contains("parameter $2 cannot be sent from std::string: it holds a NUL byte"));
  lines.add("next");
  CHECK(lines.take() == "good\nnext\n");
}

TEST_CASE("values are read from lines as they were copied") {
  check_copied(std::numeric_limits<std::int64_t>::min());
  check_copied(std::uint32_t{7});
  check_copied(false);
  for (const double value : {0.1, -1e300, 5e-324, HUGE_VAL, -HUGE_VAL}) check_copied(value);
  check_copied(0.1F);
  check_copied(Numeric{"1.50"});
  check_copied(Uuid::random());
  check_copied(JsonText{"{\"a\":\"\\n\\t\"}"});
  check_copied(Bytes{std::byte{0}, std::byte{0xFF}});
  check_copied(std::vector<int>{1, -2});
  check_copied(std::vector<Bytes>{{std::byte{1}}, {}});
  check_copied(std::vector<std::optional<std::string>>{"a\t\"b\\", std::nullopt, "NULL", ""});
  check_copied(std::string());
  for (int byte = 1; byte < 256; ++byte) check_copied(std::string(2, static_cast<char>(byte)));
}

TEST_CASE("times are copied in the style of ISO") {
  const Micros moment = std::chrono::sys_days(2026y / 12 / 1) + 13h + 5min + 59s + 1us;
  CHECK(line_of(moment) == "2026-12-01 13:05:59.000001+00\n");
  CHECK(line_of(std::chrono::local_time(moment.time_since_epoch())) ==
        "2026-12-01 13:05:59.000001\n");
  CHECK(line_of(std::chrono::year_month_day(-43y / 3 / 15)) == "0044-03-15 BC\n");
  CHECK(line_of(Micros::max(), std::chrono::sys_days::min()) == "infinity\t-infinity\n");
  check_copied(moment);
  for (const auto days : {-2000000, -719529, -719528, -719527, -1, 0, 1, 11016, 13000000, 40000000})
    check_copied(Micros(std::chrono::sys_days(std::chrono::days(days))) + 1us);
  for (const auto days : {-2000000, -719529, -719528, 0, 146097, -146097, 200000000})
    check_copied(std::chrono::sys_days(std::chrono::days(days)));
}

TEST_CASE("lines are read with all escapes that COPY knows") {
  const CopyFields fields("a\\tb\t\\N\t\\101\\x42\\x\\1019\\q\\\\N\t\n");
  REQUIRE(fields.size() == 4);
  CHECK(fields.get<std::string>(0) == "a\tb");
  CHECK(fields.get<std::optional<std::string>>(1) == std::nullopt);
  CHECK(fields.get<std::string>(2) == "ABxA9q\\N");
  CHECK(fields.get<std::string>(3).empty());
  CHECK(CopyFields("").get<std::string>(0).empty());
  CHECK_THROWS_AS(CopyFields("a\\"), RowError);
}

TEST_CASE("a line is read as a tuple, of all its values") {
  const auto [id, title] = CopyFields("7\tCook\n").as<int, std::string>();
  CHECK(id == 7);
  CHECK(title == "Cook");
}

TEST_CASE("a line that does not fit is an error") {
  const CopyFields fields("x\t\\N");
  CHECK_THROWS_WITH(fields.get<int>(0), Contains("cannot be read as int"));
  CHECK_THROWS_WITH(fields.get<int>(1), Contains("it is NULL"));
  CHECK_THROWS_WITH(fields.get<int>(2), "postgres: there is no value number 2: the line has 2");
  CHECK_THROWS_WITH(fields.as<std::string>(),
                    "postgres: the line has 2 values, and 1 are read from it");
}
