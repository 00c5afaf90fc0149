#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_postgres.h"
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using postgres::Database;

namespace {

/// Returns what came of a statement: its row's text, or the error's.
Task<std::string> outcome_of(Database* db, std::string sql) {
  std::string outcome;
  try {
    auto asking = db->query_optional<std::string>(sql);
    const auto row = co_await std::move(asking);
    outcome = row.value_or("done");
  } catch (const postgres::SqlError& error) {
    outcome = error.sqlstate();
  } catch (const std::exception& error) {
    outcome = error.what();
  }
  co_return outcome;
}

std::string ask(Database& db, const std::string& sql) {
  return run_until_complete(outcome_of(&db, sql));
}

std::vector<std::string> ask_together(Database& db, const std::vector<std::string>& texts) {
  std::vector<Task<std::string>> all;
  for (const std::string& sql : texts) all.push_back(outcome_of(&db, sql));
  return run_until_complete(gather(std::move(all)));
}

}  // namespace

TEST_CASE("A statement whose plan fits a table no more is prepared anew", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  int failures = 0;
  server.answer = [&](const std::string&) -> ScriptedPostgres::Answer {
    if (failures-- <= 0) return {};
    return {"0A000", "cached plan must not change result type"};
  };
  Database db(server.url("pool_size=1"));
  REQUIRE(ask(db, "select a") == "select a");
  failures = 1;
  CHECK(ask(db, "select a") == "select a");
  CHECK(ask(db, "select a") == "select a");
  failures = 3;
  const std::vector<std::string> same(3, "select a");
  CHECK(ask_together(db, same) == same);
  CHECK(ask(db, "select a") == "select a");
  CHECK(server.connections == 1);
}
