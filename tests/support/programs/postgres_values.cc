// Asks a real PostgreSQL, at the URL in AIOPYR_POSTGRES_URL, whether it takes values as they are
// sent and means by them what is read. tests/functional/test_postgres_values.py runs it.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <postgresql/libpq-fe.h>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <aiopyr/clients/postgres/values/copy.h>
#include <aiopyr/clients/postgres/values/json.h>
#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/clients/postgres/values/rows.h>
#include <aiopyr/clients/postgres/values/sql_error.h>

using namespace aiopyr::postgres;
using namespace std::chrono_literals;
using std::chrono::year_month_day;

namespace {

using Time = std::chrono::system_clock::time_point;
using Micros = std::chrono::sys_time<std::chrono::microseconds>;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

PGconn* connection() {
  static const std::unique_ptr<PGconn, decltype(&PQfinish)> opened(
      PQconnectdb(std::getenv("AIOPYR_POSTGRES_URL")), &PQfinish);
  return opened.get();
}

Rows run(const std::string& sql, const Parameters& parameters, Format format) {
  const auto values = parameters.values();
  Result result(PQexecParams(connection(), sql.c_str(), static_cast<int>(parameters.size()),
                             parameters.types(), values.data(), parameters.lengths(),
                             parameters.formats(), static_cast<int>(format)));
  const ExecStatusType status = PQresultStatus(result.native());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw SqlError::from(result.native(), sql);
  return Rows(std::move(result));
}

template <class... Values>
Rows query(const std::string& sql, const Values&... values) {
  return run(sql, encode(values...), Format::kBinary);
}

/// Checks that a value comes back as it was sent, in both formats.
template <class T>
void check_round_trip(const std::string& type, const T& value) {
  INFO(type);
  const std::string sql = "select $1::" + type;
  CHECK(run(sql, encode(value), Format::kBinary).one().template as<T>() == value);
  CHECK(run(sql, encode(value), Format::kText).one().template as<T>() == value);
}

/// Checks that both formats of a query's only column are read as the same values.
template <class T>
void check_both_formats(const std::string& sql) {
  INFO(sql);
  const std::vector<T> binary = run(sql, {}, Format::kBinary).template as<T>().to_vector();
  const std::vector<T> text = run(sql, {}, Format::kText).template as<T>().to_vector();
  CHECK(binary.size() > 0);
  CHECK(binary == text);
}

Bytes all_bytes() {
  Bytes bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<std::byte>(byte));
  return bytes;
}

}  // namespace

TEST_CASE("values come back from the server as they were sent") {
  for (const bool value : {true, false}) check_round_trip("boolean", value);
  for (const int value : {std::numeric_limits<int>::min(), -1, 0, 1 << 20}) {
    check_round_trip("integer", value);
    check_round_trip("bigint", value);
  }
  check_round_trip("smallint", std::numeric_limits<short>::min());
  check_round_trip("bigint", std::numeric_limits<std::int64_t>::min());
  check_round_trip("bigint", std::numeric_limits<std::uint32_t>::max());
  for (const double value : {0.1, -1e300, 5e-324, HUGE_VAL}) check_round_trip("float8", value);
  check_round_trip("real", 0.1F);
  check_round_trip("text", std::string("h\xC3\xA9 \"'\\ \n"));
  check_round_trip("bytea", all_bytes());
  check_round_trip("bytea", Bytes());
  check_round_trip("uuid", Uuid::random());
  check_round_trip("jsonb", nlohmann::json{{"a", {1, nullptr, "x"}}});
  check_round_trip("json", nlohmann::ordered_json{{"b", 1}});
  for (const char* text : {"0", "-1.50", "123456789012345678901234567890.123456789", "0.00010002",
                           "NaN", "Infinity", "-Infinity", "10000", "-0.0001"})
    check_round_trip("numeric", Numeric{text});
  check_round_trip("integer", std::optional<int>());
  check_round_trip("text", std::optional<std::string>());
}

TEST_CASE("times come back from the server as they were sent") {
  const Micros moment = std::chrono::sys_days(2026y / 12 / 1) + 13h + 5min + 59s + 250001us;
  for (const char* zone : {"UTC", "Asia/Kolkata", "Europe/Amsterdam", "America/St_Johns"}) {
    query("set timezone = '" + std::string(zone) + "'");
    check_round_trip("timestamptz", moment);
    check_round_trip("timestamptz", Time(moment));
    check_round_trip("timestamptz", Time::max());
    check_round_trip("timestamptz", Time::min());
    check_round_trip("timestamptz", Micros(std::chrono::sys_days(1700y / 1 / 1)));
    check_round_trip("timestamptz", Micros(std::chrono::sys_days(-4000y / 7 / 1)));
    check_round_trip("timestamp", LocalTime(moment.time_since_epoch()));
    check_round_trip("date", year_month_day(2026y / 12 / 1));
    check_round_trip("date", year_month_day(-43y / 3 / 15));
    check_round_trip("date", year_month_day(std::chrono::year::max() / 12 / 31));
    check_both_formats<Micros>(
        "select '0001-01-01 BC'::timestamptz + n * interval '3777 days 01:02:03.004005' "
        "from generate_series(1, 1000) n");
  }
  query("set timezone = 'UTC'");
  CHECK(query("select extract(epoch from $1::timestamptz)::text", moment).one().as<std::string>() ==
        "1796130359.250001");
}

TEST_CASE("arrays come back from the server as they were sent") {
  check_round_trip("integer[]", std::vector<int>{1, -2, 3});
  check_round_trip("integer[]", std::vector<int>{});
  check_round_trip("bigint[]", std::vector<std::optional<std::int64_t>>{1, std::nullopt});
  check_round_trip("boolean[]", std::vector<bool>{true, false});
  check_round_trip("bytea[]", std::vector<Bytes>{all_bytes(), {}});
  check_round_trip("uuid[]", std::vector<Uuid>{Uuid::random()});
  check_round_trip("numeric[]", std::vector<Numeric>{{"1.50"}, {"NaN"}});
  check_round_trip("jsonb[]", std::vector<nlohmann::json>{{{"a", "\"{},"}}, nullptr});
  check_round_trip("date[]", std::vector<year_month_day>{2026y / 12 / 1});
  check_round_trip("text[]", std::vector<std::optional<std::string>>{
                                 "", "NULL", std::nullopt, "{\"a\\b\", c}", " x ", "\n", "null"});
}

TEST_CASE("the text of a numeric is the server's own") {
  for (const Format format : {Format::kBinary, Format::kText}) {
    const Rows rows =
        run("select x, x::text as text from (select (case when n % 2 = 0 then -1 else 1 end) * "
            "round((random() * 10::numeric ^ (n % 40 - 20))::numeric, n % 37) as x "
            "from generate_series(1, 3000) n) numbers",
            {}, format);
    std::size_t wrong = 0;
    for (auto [x, text] : rows.as<Numeric, std::string>()) wrong += x.text != text ? 1 : 0;
    CHECK(rows.size() == 3000);
    CHECK(wrong == 0);
  }
}

TEST_CASE("both formats of the server are read as the same") {
  check_both_formats<Bytes>("select sha512(n::text::bytea) from generate_series(1, 100) n");
  query("set bytea_output = 'escape'");
  check_both_formats<Bytes>("select sha512(n::text::bytea) from generate_series(1, 100) n");
  query("reset bytea_output");
  check_both_formats<std::vector<std::optional<std::string>>>(
      "select array(select case when k % 7 = 0 then null else repeat(chr(1 + (n * k) % 126), k % "
      "4) "
      "end from generate_series(1, 20) k) from generate_series(1, 100) n");
  check_both_formats<std::vector<int>>("select '[3:5]={1,2,3}'::int[]");
  check_both_formats<double>(
      "select exp(n - 300) * random() from generate_series(1, 600) n, "
      "(select setseed(0.5)) seed where n < 0 union all select 1e-300");
}

TEST_CASE("parameters suit the columns that users give them for") {
  query("create type color as enum ('red', 'green')");
  query(
      "create table t (small smallint, big bigint, number numeric, float8 double precision, "
      "id uuid, data jsonb, plain json, color color, day date, text text, at timestamptz)");
  const std::string uuid = Uuid::random().text();
  query("insert into t values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 1, 2, 3, 4, uuid,
        nlohmann::json{{"a", 1}}, nlohmann::json{{"b", 2}}, "red", "2026-12-01", "text",
        std::chrono::system_clock::now());
  const auto count = [](const std::string& condition, const auto&... values) {
    return query("select count(*) from t where " + condition, values...).one().template as<int>();
  };
  CHECK(count("small = $1 and big = $1 and number > $1", 1) == 0);
  CHECK(count("small = $1 and big > $1 and number > $1 and float8 > $1", 1) == 1);
  CHECK(count("big = any($1)", std::vector<int>{1, 2}) == 1);
  CHECK(count("id = $1", uuid) == 1);
  CHECK(count("id = $1", *Uuid::parse(uuid)) == 1);
  CHECK(count("id = any($1)", std::vector<std::string>{uuid}) == 1);
  CHECK(count("color = $1 and color = any($2)", "red", std::vector<std::string>{"red"}) == 1);
  CHECK(count("data @> $1", JsonText{"{\"a\":1}"}) == 1);
  CHECK(count("data @> $1", "{\"a\":1}") == 1);
  CHECK(count("day = $1", year_month_day(2026y / 12 / 1)) == 1);
  CHECK(count("at < now() + $1 and at <= $2", "1 hour", std::chrono::system_clock::now()) == 1);
  CHECK(count("text like $1 || '%'", "te") == 1);
  CHECK(count("text = $1 or $1 is null", std::nullopt) == 1);
  CHECK(count("true limit $1", 5) == 1);
  CHECK(query("select color from t").one().as<std::string>() == "red");
  CHECK(query("select unnest($1::text[])", std::vector<std::string>{"a", "b"}).size() == 2);
}

TEST_CASE("rows are copied to the server and back") {
  query(
      "create table copied (id uuid, n bigint, text text, bytes bytea, at timestamptz, day date, "
      "real float8, list text[], data jsonb, missing text)");
  using Texts = std::vector<std::optional<std::string>>;
  using Row = std::tuple<Uuid, int, std::string, Bytes, Micros, year_month_day, double, Texts,
                         nlohmann::json, std::optional<std::string>>;
  std::vector<Row> rows;
  for (int n = 0; n < 300; ++n) {
    const std::string text = "a\t\"\\" + std::string(1, static_cast<char>(1 + n % 127)) + "z";
    const std::chrono::sys_days day{std::chrono::days(n * 9973 - 1500000)};
    rows.emplace_back(Uuid::random(), n, text, all_bytes(), Micros(day + 1h) + 7us, day,
                      1.0 / (n + 1), Texts{text, std::nullopt}, nlohmann::json{{"t", text}},
                      std::nullopt);
  }
  CopyLines lines;
  for (const Row& row : rows)
    std::apply([&lines](const auto&... values) { lines.add(values...); }, row);
  PQclear(PQexec(connection(), "copy copied from stdin"));
  const std::string data = lines.take();
  REQUIRE(PQputCopyData(connection(), data.data(), static_cast<int>(data.size())) == 1);
  REQUIRE(PQputCopyEnd(connection(), nullptr) == 1);
  const Result copied(PQgetResult(connection()));
  INFO(PQresultErrorMessage(copied.native()));
  CHECK(copied.affected_rows() == rows.size());
  PQclear(PQgetResult(connection()));

  query("set bytea_output = 'escape'");
  PQclear(PQexec(connection(), "copy (select * from copied order by n) to stdout"));
  std::vector<Row> back;
  char* line = nullptr;
  for (int size = 0; (size = PQgetCopyData(connection(), &line, 0)) > 0; PQfreemem(line)) {
    const CopyFields fields({line, static_cast<std::size_t>(size)});
    back.push_back([&fields]<class... T>(std::type_identity<std::tuple<T...>>) {
      return fields.as<T...>();
    }(std::type_identity<Row>()));
  }
  while (PGresult* const rest = PQgetResult(connection())) PQclear(rest);
  CHECK(back == rows);
}

TEST_CASE("answers say what was done") {
  CHECK(query("create table counted (x int unique)").affected_rows() == 0);
  const Rows rows = query("insert into counted select n from generate_series(1, 7) n");
  CHECK(rows.affected_rows() == 7);
  CHECK(rows.result().command() == "INSERT 0 7");
  CHECK(query("update counted set x = x + 100 where x > 5").affected_rows() == 2);
}

TEST_CASE("the server's errors have their fields") {
  query("create table named (name text constraint named_once unique)");
  query("insert into named values ($1)", "s3cret");
  try {
    query("insert into named values ($1)", "s3cret");
    FAIL("no error");
  } catch (const SqlError& error) {
    CHECK(error.is_unique_violation());
    CHECK(error.constraint() == "named_once");
    CHECK(error.table() == "named");
    CHECK(error.schema() == "public");
    CHECK(error.severity() == "ERROR");
    CHECK_THAT(error.detail(), Catch::Matchers::Contains("s3cret"));
    CHECK_THAT(error.what(), !Catch::Matchers::Contains("s3cret"));
  }
  try {
    query("select nothing");
    FAIL("no error");
  } catch (const SqlError& error) {
    CHECK(error.sqlstate() == "42703");
    CHECK(error.position() == 8);
  }
}
