#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/rows.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;
using Catch::Matchers::Contains;

namespace {

struct Job {
  int id;
  std::string title;
  std::optional<std::string> place;
};

struct NamedJob {
  std::string title;
  std::int64_t number = 0;
};

struct ViewedJob {
  int id;
  std::string_view title;
};

struct WrongJob {
  int id;
  std::string titel;
};

enum class Color { kRed, kGreen };

PostgresAnswer jobs() {
  PostgresAnswer answer({{"id", kInt4Oid}, {"title", kTextOid}, {"place", kTextOid}});
  answer.row({bytes_of("\0\0\0\1"), "Cook", "Rome"}).row({bytes_of("\0\0\0\2"), "Baker", {}});
  return answer;
}

template <class Source, class T>
concept CanGet = requires(Source&& source) {
  std::forward<Source>(source).template get<T>("x");
};

template <class Source, class T>
concept CanRead = requires(Source&& source) {
  std::forward<Source>(source).template as<T>();
};

}  // namespace

template <>
struct aiopyr::postgres::RowMembers<NamedJob> {
  static constexpr std::array<std::string_view, 2> kNames{"title", "id"};
};

template <>
struct aiopyr::postgres::PostgresType<Color> {
  using Stored = std::string;
  static std::string to_stored(Color color) { return color == Color::kRed ? "red" : "green"; }
  static Color from_stored(const std::string& name) {
    if (name == "red") return Color::kRed;
    if (name == "green") return Color::kGreen;
    throw ValueError("no color of that name");
  }
};

static_assert(CanGet<Row&, std::string_view> && !CanGet<Row, std::string_view>,
              "a view into a row that is gone at the end of the expression must not compile");
static_assert(!CanGet<Row, std::optional<std::string_view>> && CanGet<Row, std::string>);
static_assert(CanRead<Row&, ViewedJob> && !CanRead<Row, ViewedJob> && CanRead<Row, Job>);
static_assert(CanRead<Rows&, std::string_view> && !CanRead<Rows, std::string_view>);
static_assert(!CanRead<Row, std::tuple<int, std::string_view>>);

TEST_CASE("values are read by the column's name and by its number") {
  const Rows rows = jobs().rows();
  REQUIRE(rows.size() == 2);
  const Row row = rows[1];
  CHECK(row.size() == 3);
  CHECK(row.get<int>("id") == 2);
  CHECK(row.get<int>(0) == 2);
  CHECK(row.get<std::string>("title") == "Baker");
  CHECK(row.get<std::string_view>(1) == "Baker");
  CHECK(row.get<std::optional<std::string>>("place") == std::nullopt);
  CHECK(rows[0].get<std::optional<std::string>>("place") == "Rome");
  CHECK(row.is_null("place"));
  CHECK_FALSE(row.is_null(0));
}

TEST_CASE("a NULL that the type cannot hold is an error that names the column") {
  const Row row = jobs().rows()[1];
  CHECK_THROWS_WITH(
      row.get<std::string>("place"),
      "postgres: column 'place' (text) cannot be read as std::string: it is NULL: read a "
      "std::optional of that type");
}

TEST_CASE("an error of types can be asked for its parts") {
  try {
    (void)jobs().rows()[0].get<std::optional<int>>("title");
    FAIL("no error");
  } catch (const TypeError& error) {
    CHECK(error.where() == "title");
    CHECK(error.postgres_type() == "text");
    CHECK_THAT(error.cpp_type(), Contains("optional<int>"));
  }
}

TEST_CASE("a column that there is not is an error that lists those that there are") {
  const Row row = jobs().rows()[0];
  CHECK_THROWS_WITH(row.get<int>("ID"),
                    "postgres: there is no column 'ID': the columns are 'id', 'title', 'place'");
  CHECK_THROWS_AS(row.get<int>(3), RowError);
  CHECK_THROWS_AS(row.is_null(3), RowError);
}

TEST_CASE("a name that several columns have is an error, not the first of them") {
  PostgresAnswer answer({{"id", kInt4Oid}, {"id", kInt4Oid}});
  const Rows rows = answer.row({bytes_of("\0\0\0\1"), bytes_of("\0\0\0\2")}).rows();
  CHECK_THROWS_WITH(rows[0].get<int>("id"), Contains("several of column 'id'"));
  CHECK(rows[0].get<int>(1) == 2);
}

TEST_CASE("many columns are found as few are") {
  std::vector<PostgresAnswer::Column> columns;
  for (int at = 0; at < 100; ++at) columns.push_back({"c" + std::to_string(at), kInt4Oid});
  columns.push_back({"c7", kInt4Oid});
  const Rows rows = PostgresAnswer(columns).rows();
  const Result& result = rows.result();
  CHECK(result.find_column("c0") == 0);
  CHECK(result.find_column("c99") == 99);
  CHECK_THROWS_AS(result.find_column("c7"), RowError);
  CHECK_THROWS_WITH(result.find_column("c100"), Contains("'c29', ..."));
}

TEST_CASE("a struct is read by the names of its members") {
  const Rows rows = jobs().rows();
  const Job job = rows[0].as<Job>();
  CHECK(job.id == 1);
  CHECK(job.title == "Cook");
  CHECK(job.place == "Rome");
  const auto named = rows[1].as<NamedJob>();
  CHECK(named.title == "Baker");
  CHECK(named.number == 2);
  CHECK_THROWS_WITH(rows[0].as<WrongJob>(), Contains("there is no column 'titel'"));
}

TEST_CASE("a tuple is read in the columns' order, all of them") {
  const Rows rows = jobs().rows();
  const auto [id, title, place] =
      rows[0].as<std::tuple<int, std::string, std::optional<std::string>>>();
  CHECK(id == 1);
  CHECK(title == "Cook");
  CHECK(place == "Rome");
  CHECK_THROWS_WITH((rows[0].as<std::pair<int, std::string>>()),
                    Contains("the rows have 3 columns, and 2 columns cannot be read"));
}

TEST_CASE("rows are gone through, each as what is asked for") {
  const Rows rows = jobs().rows();
  std::vector<Row> kept;
  std::string titles;
  for (const Row& row : rows) {
    titles += row.get<std::string_view>("title");
    kept.push_back(row);
  }
  CHECK(titles == "CookBaker");
  CHECK(kept[0].get<int>("id") == 1);
  int sum = 0;
  for (auto [id, title, place] : rows.as<int, std::string_view, std::optional<std::string>>())
    sum += id * static_cast<int>(title.size());
  CHECK(sum == 14);
  const std::vector<Job> all = rows.as<Job>().to_vector();
  CHECK(all.size() == 2);
  CHECK(all[1].title == "Baker");
}

TEST_CASE("rows of one column are read as its values") {
  PostgresAnswer answer({{"count", kInt8Oid}});
  answer.row({bytes_of("\0\0\0\0\0\0\0\7")}).row({std::nullopt});
  const Rows rows = answer.rows();
  CHECK(rows[0].as<std::int64_t>() == 7);
  CHECK(rows.as<std::optional<int>>().to_vector() == std::vector<std::optional<int>>{7, {}});
  CHECK_THROWS_AS(jobs().rows().as<int>(), RowError);
}

TEST_CASE("a row may outlive its rows") {
  const Row row = jobs().rows()[1];
  CHECK(row.get<std::string_view>("title") == "Baker");
  int ids = 0;
  for (auto [id, title, place] : jobs().rows().as<int, std::string, std::optional<std::string>>())
    ids += id;
  CHECK(ids == 3);
}

TEST_CASE("one row is one row") {
  PostgresAnswer none({{"id", kInt4Oid}});
  const Rows empty = none.rows();
  CHECK(empty.empty());
  CHECK(empty.one_or_none() == std::nullopt);
  CHECK_THROWS_WITH(empty.one(), "postgres: there is no row, and one is expected");
  CHECK_THROWS_WITH(jobs().rows().one(), "postgres: there are 2 rows, and one is expected");
  CHECK_THROWS_AS(jobs().rows().one_or_none(), RowError);
  CHECK_THROWS_WITH(jobs().rows()[2], "postgres: there is no row number 2: there are 2 rows");
}

TEST_CASE("an answer without columns says so") {
  const Rows rows;
  CHECK(rows.empty());
  CHECK(rows.affected_rows() == 0);
  CHECK(rows.result().command().empty());
  CHECK_THROWS_WITH(rows.as<int>(), "postgres: the statement returned no columns");
  CHECK_THROWS_WITH(rows.as<Job>(), Contains("the statement returned no columns"));
}

TEST_CASE("an enum is read and sent by the app's own trait") {
  CHECK(wire_of(Color::kGreen) == "green");
  CHECK(read_binary<Color>(16403, "red") == Color::kRed);
  CHECK(read_binary<std::optional<Color>>(16403, "green") == Color::kGreen);
  CHECK_THROWS_WITH(read_binary<Color>(16403, "blue"), Contains("no color of that name"));
}
