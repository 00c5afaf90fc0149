#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/postgres/values/sql_error.h>

using namespace aiopyr::postgres;
using Catch::Matchers::Contains;

namespace {

SqlError error_of(const std::string& sqlstate, const std::string& message = "no") {
  return SqlError({.sqlstate = sqlstate, .severity = "ERROR", .message = message}, "select 1");
}

}  // namespace

TEST_CASE("an error of SQL says what the server has said, and of which statement") {
  const SqlError error({.sqlstate = "23505",
                        .severity = "ERROR",
                        .message = "duplicate key value violates unique constraint \"users_name\"",
                        .detail = "Key (name)=(secret) already exists.",
                        .constraint = "users_name"},
                       "insert into users (name)\n  values ($1)");
  CHECK(std::string(error.what()) ==
        "postgres: insert into users (name) values ($1): SQLSTATE 23505: duplicate key value "
        "violates "
        "unique constraint \"users_name\"");
  CHECK(error.detail() == "Key (name)=(secret) already exists.");
  CHECK(error.constraint() == "users_name");
  CHECK(error.is_unique_violation());
  CHECK(error.is_of_class("23"));
  CHECK_FALSE(error.is_foreign_key_violation());
}

TEST_CASE("an error of SQL knows its kind") {
  CHECK(error_of("23503").is_foreign_key_violation());
  CHECK(error_of("23502").is_not_null_violation());
  CHECK(error_of("23514").is_check_violation());
  CHECK(error_of("23P01").is_exclusion_violation());
  CHECK(error_of("40001").is_serialization_failure());
  CHECK(error_of("40P01").is_deadlock());
  CHECK(error_of("55P03").is_lock_not_available());
  CHECK(error_of("57014").is_query_canceled());
  CHECK(error_of("25006").is_read_only());
  for (const char* state : {"57P01", "57P02", "57P03", "57P04", "57P05"})
    CHECK(error_of(state).is_admin_shutdown());
  CHECK_FALSE(error_of("57014").is_admin_shutdown());
  CHECK(error_of("26000").is_stale_statement());
  CHECK(error_of("0A000", "cached plan must not change result type").is_stale_statement());
  CHECK_FALSE(error_of("0A000", "cannot do that").is_stale_statement());
}

TEST_CASE("an error of SQL says whether asking again may help") {
  using aiopyr::Retry;
  for (const char* state : {"40001", "40P01", "53300", "57P01", "57014", "55P03", "25006", "08006"})
    CHECK(error_of(state).retry() == Retry::kSafe);
  for (const char* state : {"23505", "42601", "22012", "55000", ""})
    CHECK(error_of(state).retry() == Retry::kUseless);
  for (const char* state : {"40003", "08007"}) CHECK(error_of(state).retry() == Retry::kUnsafe);
  CHECK(SqlError({.message = "no"}, "select 1", "db:5432").server() == "db:5432");
}

TEST_CASE("long statements and messages are shortened, on one line, between characters") {
  const std::string statement = shorten_statement("select '" + std::string(1'000'000, 'x') + "'");
  CHECK(statement.size() < 130);
  CHECK(statement.ends_with("x..."));
  std::string text(119, 'x');
  for (int count = 0; count < 10; ++count) text += "\xC3\xA9";
  CHECK(shorten_statement(text) == std::string(119, 'x') + "...");
  CHECK(shorten_statement("  select\n\t1 ;  ") == "select 1 ;");
  CHECK_THAT(std::string(error_of("42601", "a\nb" + std::string(10'000, 'y')).what()),
             Contains("a\\nb") && Contains("yyy..."));
}
