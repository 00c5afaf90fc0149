#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/let_pass.h"
#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/database_core.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

using namespace aiopyr;
using postgres::Database;
using postgres::Transaction;

namespace {

/// The turns of the loop that any of these takes, when the server's answers come in pieces.
constexpr int kMostTurns = 60;

Task<void> read_stream(Database* db) {
  auto rows = db->stream("select streamed");
  for (;;) {
    auto reading = rows.next();
    const auto row = co_await std::move(reading);
    if (!row) break;
    // The scripted server answers each statement with its text.
    CHECK(row->get<std::string>(0).starts_with("fetch "));
  }
}

Task<void> ask_together(Database* db) {
  postgres::Batch batch;
  batch.add("select first").add("select second");
  auto asking = db->batch(std::move(batch));
  const std::vector<postgres::Rows> answers = co_await std::move(asking);
  CHECK(answers.at(1).one().get<std::string>(0) == "select second");
}

Task<void> nest(Transaction& tx) {
  auto body = [](Transaction& inner) -> Task<void> {
    auto asking = inner.query("select nested");
    co_await std::move(asking);
  };
  auto nested = tx.transaction(body);
  co_await std::move(nested);
}

Task<void> run_nested(Database* db) {
  auto running = db->transaction(nest);
  co_await std::move(running);
}

Task<void> listen(Database* db) {
  auto beginning = db->listen("news");
  auto news = co_await std::move(beginning);
  auto waiting = news.next();
  static_cast<void>(co_await std::move(waiting));
}

/// Destroys an operation after each number of turns; every time the next query gets its own answer,
/// and the only connection of the pool is there for it.
void destroy_at_any_turn(Task<void> (*operation)(Database*)) {
  TestLoop loop;
  ScriptedPostgres server;
  server.portion = 40;
  Database db(server.url("pool_size=1"));
  for (int turns = 0; turns < kMostTurns; ++turns) {
    CAPTURE(turns);
    auto cancelled = spawn(operation(&db));
    take_turns(loop, turns);
    cancelled.cancel();
    const std::string sql = "select after " + std::to_string(turns);
    CHECK(run_until_complete(db.query_one<std::string>(sql)) == sql);
    run_until_complete(let_pass(3));
    CHECK(db.core()->figures().in_use.value() == 0);
  }
}

}  // namespace

TEST_CASE("A stream that is destroyed at any moment leaves its connection to the next",
          "[postgres]") {
  destroy_at_any_turn(&read_stream);
}

TEST_CASE("A batch that is destroyed at any moment leaves its connection to the next",
          "[postgres]") {
  destroy_at_any_turn(&ask_together);
}

TEST_CASE("A nested transaction that is destroyed at any moment leaves no connection in it",
          "[postgres]") {
  destroy_at_any_turn(&run_nested);
}

TEST_CASE("A subscriber that is destroyed at any moment leaves the queries alone", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.portion = 40;
  Database db(server.url("pool_size=2"));
  for (int turns = 0; turns < kMostTurns; ++turns) {
    CAPTURE(turns);
    auto cancelled = spawn(listen(&db));
    take_turns(loop, turns);
    cancelled.cancel();
    const std::string sql = "select after " + std::to_string(turns);
    CHECK(run_until_complete(db.query_one<std::string>(sql)) == sql);
  }
  const auto news = run_until_complete(db.listen("news"));
  CHECK(run_until_complete(db.query_one<std::string>("select last")) == "select last");
}
