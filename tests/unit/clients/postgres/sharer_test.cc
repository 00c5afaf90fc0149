#include <algorithm>
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
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/queue.h>
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

/// Transactions that hold their connections until a permit is given, and notes of who has had one.
struct Turns {
  Queue<int> permits{1000};
  std::vector<int> begun;
};

Task<void> take_turn(Database* db, Turns* turns, int number) {
  auto body = [turns, number](Transaction& tx) -> Task<void> {
    Turns* const all = turns;
    const int own = number;
    auto asking = tx.query("select a");
    co_await std::move(asking);
    all->begun.push_back(own);
    co_await all->permits.get();
  };
  auto running = db->transaction(body);
  co_await std::move(running);
}

/// Asks for something cheap; returns how many transactions had begun when it was answered.
Task<std::size_t> ask_cheaply(Database* db, const Turns* turns) {
  auto asking = db->query("select cheap");
  co_await std::move(asking);
  co_return turns->begun.size();
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

/// Asks, and takes the server's error for an answer, too.
Task<void> ask(Database* db, std::string sql) {
  try {
    auto asking = db->query(sql);
    co_await std::move(asking);
  } catch (const postgres::SqlError&) {
    co_return;
  }
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

TEST_CASE("A query that has failed at once is not known to be quick", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string&) -> ScriptedPostgres::Answer {
    return {.sqlstate = "22012"};
  };
  Database db(server.url("pool_size=4"));
  REQUIRE(connections_after(loop, server, db, "select work", 1) == 1);
  CHECK(connections_after(loop, server, db, "select work", 20) > 1);
}

TEST_CASE("Queries that were never seen are spread", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=4"));
  REQUIRE(connections_after(loop, server, db, "select first", 1) == 1);
  CHECK(connections_after(loop, server, db, "select new", 20) > 1);
}

TEST_CASE("A cheap query behind 200 others for 8 connections waits for its place, and no longer",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=8&acquire_timeout=1h"));
  Turns turns;
  std::vector<TaskHandle<>> waiting;
  const int before = 108;
  const int behind = 92;
  for (int i = 0; i < before; ++i) waiting.push_back(spawn(take_turn(&db, &turns, i)));
  take_turns(loop, 50);
  REQUIRE(turns.begun.size() == 8);
  auto cheap = spawn(ask_cheaply(&db, &turns));
  take_turns(loop, 3);
  for (int i = 0; i < behind; ++i) waiting.push_back(spawn(take_turn(&db, &turns, before + i)));
  for (int i = 0; i < before + behind; ++i) {
    REQUIRE(turns.permits.try_put(i));
    take_turns(loop, 20);
  }
  REQUIRE(cheap.is_done());
  CHECK(cheap.result() == before);
  CHECK(turns.begun.size() == before + behind);
  CHECK(std::ranges::is_sorted(turns.begun));
  CHECK(std::ranges::all_of(waiting, [](const auto& each) { return each.is_done(); }));
}
