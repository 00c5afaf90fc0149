#include <algorithm>
#include <postgresql/libpq-fe.h>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>

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

std::string ask_outcome(Database& db, const std::string& sql) {
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
  REQUIRE(ask_outcome(db, "select a") == "select a");
  failures = 1;
  CHECK(ask_outcome(db, "select a") == "select a");
  CHECK(ask_outcome(db, "select a") == "select a");
  failures = 3;
  const std::vector<std::string> same(3, "select a");
  CHECK(ask_together(db, same) == same);
  CHECK(ask_outcome(db, "select a") == "select a");
  CHECK(server.connections == 1);
}

TEST_CASE("A transaction that is begun on a shared connection fools nobody", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=1"));
  const auto outcomes = ask_together(db, {"select a", "begin", "select b", "commit", "select c"});
  CHECK(outcomes[0] == "select a");
  CHECK_THAT(outcomes[1], Catch::Contains("use Database::transaction()"));
  for (const std::size_t behind : {2, 3, 4}) {
    CHECK_THAT(outcomes[behind], Catch::Contains("another query began a transaction"));
  }
  CHECK(ask_outcome(db, "select d") == "select d");
  CHECK(server.connections == 2);
}

TEST_CASE("A batch may have a transaction of its own, if it ends it", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=1"));
  const auto run = [&db](const std::vector<std::string>& texts) {
    postgres::Batch batch;
    for (const std::string& sql : texts) batch.add(sql);
    return run_until_complete(db.batch(std::move(batch))).size();
  };
  CHECK(run({"begin", "select a", "commit"}) == 3);
  CHECK_THROWS_AS(run({"begin", "select a"}), InvalidStateError);
  CHECK(run({"begin", "select a", "rollback"}) == 3);
  CHECK(server.connections == 2);
}

TEST_CASE("A connection whose clean-up was destroyed while a cancel was on the way is closed",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) -> ScriptedPostgres::Answer {
    return {.sqlstate = "", .is_silent = sql == "select slow"};
  };
  const auto settings = std::make_shared<const postgres::Settings>(
      postgres::Settings::parse(server.url("query_timeout=0")));
  const auto connection = run_until_complete(postgres::connect(settings));
  auto exchange = std::make_shared<postgres::SingleExchange>(
      postgres::Request{postgres::unprepared("select slow"), {}});
  connection->send(exchange);
  {
    auto cleaning = spawn(connection->clean());
    take_turns(loop, 2);
    cleaning.cancel();
    take_turns(loop, 2);
  }
  REQUIRE(connection->is_open());
  CHECK_FALSE(connection->is_clean());
  run_until_complete(connection->clean());
  CHECK_FALSE(connection->is_open());
}

TEST_CASE("A host that says nothing leaves the next ones their time", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres mute;
  ScriptedPostgres server;
  mute.is_mute = true;
  const auto folder_of = [](const ScriptedPostgres& one) {
    const std::string url = one.url();
    return url.substr(url.find("host=") + 5);
  };
  const std::string one = folder_of(mute);
  const std::string other = folder_of(server);
  for (const std::string& hosts : {one + ',' + other, other + ',' + one, one + ',' + one}) {
    Database db("host=" + hosts + " user=me connect_timeout=1s");
    const std::string outcome = ask_outcome(db, "select a");
    CAPTURE(hosts, outcome);
    CHECK((outcome == "select a") == (hosts.find(other) != std::string::npos));
  }
}

TEST_CASE("A connection that is closed in a COPY wakes who waits for its socket", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  const auto settings =
      std::make_shared<const postgres::Settings>(postgres::Settings::parse(server.url()));
  const auto connection = run_until_complete(postgres::connect(settings));
  connection->begin_copy();
  const int fd = PQsocket(connection->handle());
  auto waiting = spawn([](int socket) -> Task<void> { co_await wait_readable(socket); }, fd);
  take_turns(loop);
  connection->close();
  CHECK_FALSE(connection->is_open());
  take_turns(loop);
  CHECK(waiting.is_done());
}

TEST_CASE("A batch that has committed something is not repeated", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) {
    return ScriptedPostgres::Answer{sql == "select stale" ? "26000" : ""};
  };
  Database db(server.url());
  postgres::Batch batch;
  for (const char* sql : {"begin", "select a", "commit", "select stale"}) batch.add(sql);
  CHECK_THROWS_AS(run_until_complete(db.batch(std::move(batch))), postgres::SqlError);
  CHECK(std::ranges::count(server.seen, "commit") == 1);
}
