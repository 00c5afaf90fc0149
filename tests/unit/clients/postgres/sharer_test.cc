#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/let_pass.h"
#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/database_core.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using postgres::Database;
using postgres::Transaction;

namespace {

Task<void> wait_for_ever(Transaction& tx) {
  auto asking = tx.query("select slow");
  co_await std::move(asking);
}

Task<void> hold(Database* db) {
  auto running = db->transaction(wait_for_ever);
  co_await std::move(running);
}

Task<bool> is_refused(Database* db) {
  bool is_refused = false;
  try {
    auto asking = db->query("select a");
    co_await std::move(asking);
  } catch (const PoolExhaustedError&) {
    is_refused = true;
  }
  co_return is_refused;
}

Task<void> ask(Database* db, std::string sql) {
  auto asking = db->query(sql);
  co_await std::move(asking);
}

/// Asks so many queries in one turn, and returns with how many connections the server has then.
int connections_after(TestLoop& loop, ScriptedPostgres& server, Database& db,
                      const std::string& sql, int count) {
  std::vector<TaskHandle<void>> asking;
  for (int i = 0; i < count; ++i) asking.push_back(spawn(ask(&db, sql)));
  take_turns(loop, 60);
  for (const auto& one : asking) CHECK(one.is_done());
  return server.connections;
}

}  // namespace

TEST_CASE("Where the queue for connections is full, a query fails and is not asked for each turn",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) -> ScriptedPostgres::Answer {
    return {.sqlstate = "", .is_silent = sql == "select slow"};
  };
  Database db(server.url("pool_size=1&pool_queue=1"));
  auto first = spawn(hold(&db));
  take_turns(loop, 30);
  auto second = spawn(hold(&db));
  take_turns(loop, 3);
  REQUIRE(db.core()->pool().waiting() == 1);
  auto third = spawn(is_refused(&db));
  take_turns(loop, 10);
  REQUIRE(third.is_done());
  CHECK(third.result());
  first.cancel();
  second.cancel();
  take_turns(loop, 3);
}

TEST_CASE("Each query that waits has its own deadline, and its place only while it is wanted",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) -> ScriptedPostgres::Answer {
    return {.sqlstate = "", .is_silent = sql == "select slow"};
  };
  Database db(server.url("pool_size=1&pool_queue=2"));
  auto holder = spawn(hold(&db));
  take_turns(loop, 30);
  const auto submit = [&](std::optional<TimePoint> deadline) {
    auto exchange = std::make_shared<postgres::SingleExchange>(
        postgres::Request{postgres::unprepared("select a"), {}});
    exchange->deadline = deadline;
    db.core()->submit(exchange);
    return exchange;
  };
  const auto patient = submit(std::nullopt);
  const auto hasty = submit(loop.now() + std::chrono::milliseconds(100));
  run_until_complete(let_pass(0.2));
  CHECK_FALSE(patient->is_set());
  CHECK(hasty->is_set());
  {
    auto asking = spawn(is_refused(&db));
    take_turns(loop);
    CHECK_THROWS_AS(submit(std::nullopt), PoolExhaustedError);
    asking.cancel();
    take_turns(loop);
  }
  CHECK_NOTHROW(submit(std::nullopt));
  CHECK(db.core()->figures().waiting.value() >= 2);
  holder.cancel();
  take_turns(loop, 3);
}

TEST_CASE("Queries that are known to be quick follow each other on one connection", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=4"));
  REQUIRE(connections_after(loop, server, db, "select quick", 1) == 1);
  REQUIRE(connections_after(loop, server, db, "select quick", 50) == 1);
  CHECK(db.core()->pool().open() == 1);
}

TEST_CASE("Queries that were never seen are spread", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=4"));
  REQUIRE(connections_after(loop, server, db, "select first", 1) == 1);
  CHECK(connections_after(loop, server, db, "select new", 20) > 1);
}
