#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/let_pass.h"
#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using postgres::Database;
using postgres::Transaction;

namespace {

/// Returns what came of a query: its row's text, or the kind of error.
Task<std::string> outcome_of_query(Database* db, std::string sql) {
  try {
    auto asking = db->query_one<std::string>(sql);
    co_return co_await std::move(asking);
  } catch (const ConnectError&) {
    co_return "ConnectError";
  } catch (const ConnectionLostError&) {
    co_return "ConnectionLostError";
  } catch (const ClientTimeoutError&) {
    co_return "ClientTimeoutError";
  } catch (const PoolExhaustedError&) {
    co_return "PoolExhaustedError";
  } catch (const postgres::SqlError& error) {
    co_return "SqlError " + error.sqlstate();
  }
}

std::string ask(Database& db, const std::string& sql) {
  return run_until_complete(outcome_of_query(&db, sql));
}

Task<void> two_statements(Transaction& tx) {
  auto first = tx.query("select 1");
  co_await std::move(first);
  auto second = tx.query("select 2");
  co_await std::move(second);
}

Task<void> run_transaction(Database* db) {
  auto running = db->transaction(two_statements);
  co_await std::move(running);
}

/// Asks again and again until the flag is set.
Task<void> ask_without_pause(Database* db, const bool* is_over, int* answers) {
  while (!*is_over) {
    auto asking = db->query_one<std::string>("select a");
    const std::string answer = co_await std::move(asking);
    CHECK(answer == "select a");
    ++*answers;
  }
}

Task<void> run_transactions(Database* db, int count, bool* is_over) {
  for (int i = 0; i < count; ++i) {
    auto running = run_transaction(db);
    co_await std::move(running);
  }
  *is_over = true;
}

}  // namespace

TEST_CASE("A query is answered, and prepared once", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url());
  CHECK(server.connections == 0);
  CHECK(ask(db, "select a") == "select a");
  CHECK(ask(db, "select a") == "select a");
  CHECK(server.connections == 1);
}

TEST_CASE("The server's answers may come in pieces of any size", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  for (std::size_t portion = 1; portion < 40; portion += 3) {
    server.portion = portion;
    Database db(server.url());
    CHECK(ask(db, "select a") == "select a");
    run_until_complete(run_transaction(&db));
  }
}

TEST_CASE("A connection that ends after any byte fails with an error of the client", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  std::size_t whole = 0;
  {
    Database db(server.url());
    REQUIRE(ask(db, "select a") == "select a");
    whole = server.sent;
  }
  for (std::size_t bytes = 0; bytes < whole; ++bytes) {
    server.cut_after = bytes;
    Database db(server.url());
    const std::string outcome = ask(db, "select a");
    CAPTURE(bytes, outcome);
    CHECK((outcome == "ConnectError" || outcome == "ConnectionLostError" || outcome == "select a"));
    server.cut_after = static_cast<std::size_t>(-1);
    run_until_complete(let_pass(0.2));
    CHECK(ask(db, "select b") == "select b");
  }
}

TEST_CASE("What is no answer ends the connection with an error", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  using namespace std::string_literals;
  for (const std::string& garbage : {"nonsense that is no message"s, "D\0\0\0\4"s,
                                     "T\x7f\xff\xff\xff"s, "\0\0\0\0\0"s, "2\0\0\0\0"s}) {
    server.garbage = garbage;
    Database db(server.url("query_timeout=1s"));
    const std::string outcome = ask(db, "select a");
    CAPTURE(garbage, outcome);
    CHECK(outcome != "select a");
    server.garbage.clear();
    run_until_complete(let_pass(5));
    CHECK(ask(db, "select b") == "select b");
  }
}

TEST_CASE("An error aborts its own query and no other on the same connection", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) {
    return ScriptedPostgres::Answer{sql == "select bad" ? "42601" : ""};
  };
  Database db(server.url("pool_size=1"));
  std::vector<Task<std::string>> all;
  for (const std::string sql : {"select a", "select bad", "select b", "select bad", "select c"}) {
    all.push_back(outcome_of_query(&db, sql));
  }
  const auto outcomes = run_until_complete(gather(std::move(all)));
  CHECK(outcomes == std::vector<std::string>{"select a", "SqlError 42601", "select b",
                                             "SqlError 42601", "select c"});
  CHECK(server.connections == 1);
}

TEST_CASE("A query that is destroyed at any moment leaves the next its own answer", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=1"));
  for (int turns = 0; turns < 25; ++turns) {
    auto cancelled = spawn(outcome_of_query(&db, "select a" + std::to_string(turns)));
    auto other = spawn(outcome_of_query(&db, "select b" + std::to_string(turns)));
    take_turns(loop, turns);
    cancelled.cancel();
    run_until_complete(let_pass(0.1));
    CHECK(other.result() == "select b" + std::to_string(turns));
    CHECK(ask(db, "select c") == "select c");
  }
  CHECK(server.connections == 1);
}

TEST_CASE("A transaction that is destroyed at any moment leaves no connection in one",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=1"));
  for (int turns = 0; turns < 40; ++turns) {
    auto cancelled = spawn(run_transaction(&db));
    take_turns(loop, turns);
    cancelled.cancel();
    CHECK(ask(db, "select c") == "select c");
    run_until_complete(let_pass(3));
    server.seen.clear();
    run_until_complete(run_transaction(&db));
    CHECK(server.seen == std::vector<std::string>{"begin", "select 1", "select 2", "commit"});
  }
}

TEST_CASE("A server that says nothing is given up after connect_timeout", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.is_mute = true;
  Database db(server.url("connect_timeout=3s&acquire_timeout=10s"));
  const TimePoint begin = loop.now();
  CHECK(ask(db, "select a") == "ConnectError");
  CHECK(loop.now() - begin >= std::chrono::seconds(3));
  CHECK(loop.now() - begin < std::chrono::seconds(5));
}

TEST_CASE("A query without an answer times out, and the connection is replaced", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) {
    ScriptedPostgres::Answer answer;
    answer.is_silent = sql == "select never";
    return answer;
  };
  Database db(server.url("query_timeout=2s&pool_size=1"));
  CHECK(ask(db, "select never") == "ClientTimeoutError");
  // Waits for the place of the one that hangs instead of behind its statement.
  CHECK(ask(db, "select a") == "select a");
  CHECK(server.connections == 2);
}

TEST_CASE("A query that waits behind one without an answer fails with its connection",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) {
    ScriptedPostgres::Answer answer;
    answer.is_silent = sql == "select never";
    return answer;
  };
  Database db(server.url("query_timeout=2s&pool_size=1"));
  std::vector<Task<std::string>> both;
  both.push_back(outcome_of_query(&db, "select never"));
  both.push_back(outcome_of_query(&db, "select behind"));
  const auto outcomes = run_until_complete(gather(std::move(both)));
  CHECK(outcomes == std::vector<std::string>{"ClientTimeoutError", "ClientTimeoutError"});
  CHECK(ask(db, "select a") == "select a");
}

TEST_CASE("A statement that the server has forgotten is prepared again, once", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  int failures = 1;
  server.answer = [&](const std::string&) {
    return ScriptedPostgres::Answer{failures-- > 0 ? "26000" : ""};
  };
  Database db(server.url());
  CHECK(ask(db, "select a") == "select a");
  failures = 2;
  CHECK(ask(db, "select a") == "SqlError 26000");
}

TEST_CASE("A server that is shut down, or only reads now, loses its connection", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  for (const std::string sqlstate : {"57P01", "25006"}) {
    server.connections = 0;
    std::string failing = sqlstate;
    server.answer = [&](const std::string&) { return ScriptedPostgres::Answer{failing}; };
    Database db(server.url());
    CHECK(ask(db, "select a") == "SqlError " + sqlstate);
    failing.clear();
    run_until_complete(let_pass(0.1));
    CHECK(ask(db, "select a") == "select a");
    CHECK(server.connections == 2);
  }
}

TEST_CASE("Statements beyond the cache are dropped, and unprepared ones go without", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("statement_cache=2&pool_size=1"));
  for (int i = 0; i < 20; ++i) {
    const std::string sql = "select " + std::to_string(i % 5);
    CHECK(ask(db, sql) == sql);
  }
  CHECK(std::count_if(server.seen.begin(), server.seen.end(),
                      [](const std::string& sql) { return sql.starts_with("deallocate"); }) >= 15);
  server.seen.clear();
  Database unprepared(server.url("pgbouncer=transaction"));
  CHECK(ask(unprepared, "select a") == "select a");
  CHECK(server.seen == std::vector<std::string>{"select a"});
}

TEST_CASE("Busy connections are joined by others, up to the pool's size", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=3"));
  std::vector<Task<std::string>> all;
  for (int i = 0; i < 30; ++i) all.push_back(outcome_of_query(&db, "select " + std::to_string(i)));
  const auto outcomes = run_until_complete(gather(std::move(all)));
  for (int i = 0; i < 30; ++i) {
    CHECK(outcomes[static_cast<std::size_t>(i)] == "select " + std::to_string(i));
  }
  CHECK(server.connections >= 1);
  CHECK(server.connections <= 3);
}

TEST_CASE("Neither queries without a pause nor transactions keep each other out", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  for (const std::string size : {"1", "2"}) {
    Database db(server.url("pool_size=" + size));
    bool is_over = false;
    int answers = 0;
    std::vector<Task<void>> all;
    for (int i = 0; i < 5; ++i) all.push_back(ask_without_pause(&db, &is_over, &answers));
    all.push_back(run_transactions(&db, 20, &is_over));
    run_until_complete(wait_for(
        [](std::vector<Task<void>> tasks) -> Task<void> {
          auto gathered = gather(std::move(tasks));
          co_await std::move(gathered);
        }(std::move(all)),
        60.0));
    CHECK(answers >= 20);
  }
}

TEST_CASE("A transaction that asks the database itself with a pool of one is told why it waits",
          "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url("pool_size=1&acquire_timeout=3s"));
  auto body = [&db](Transaction& tx) -> Task<std::string> {
    Database* const own = &db;
    auto first = tx.query("select 1");
    co_await std::move(first);
    auto second = outcome_of_query(own, "select 2");
    co_return co_await std::move(second);
  };
  CHECK(run_until_complete(db.transaction(body)) == "PoolExhaustedError");
  CHECK(ask(db, "select a") == "select a");
}
