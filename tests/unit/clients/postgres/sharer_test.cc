#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/database_core.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

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
