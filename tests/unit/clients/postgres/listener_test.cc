#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/let_pass.h"
#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using postgres::Database;

namespace {

bool has_seen(const ScriptedPostgres& server, const std::string& sql) {
  return std::find(server.seen.begin(), server.seen.end(), sql) != server.seen.end();
}

}  // namespace

TEST_CASE("A channel that nobody reads any more is not listened to any more", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url());
  const auto kept = run_until_complete(db.listen("kept"));
  {
    const auto dropped = run_until_complete(db.listen("dropped"));
    CHECK(has_seen(server, "listen \"dropped\""));
  }
  run_until_complete(let_pass(20));
  CHECK(has_seen(server, "unlisten \"dropped\""));
  CHECK_FALSE(has_seen(server, "unlisten \"kept\""));
  CHECK(server.connections == 1);
}

TEST_CASE("A channel that is refused leaves the other subscriptions alone", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) {
    return ScriptedPostgres::Answer{sql == "listen \"bad\"" ? "42501" : ""};
  };
  Database db(server.url());
  auto kept = run_until_complete(db.listen("kept"));
  CHECK_THROWS_AS(run_until_complete(db.listen("bad")), postgres::SqlError);
  auto next = spawn(kept.next());
  run_until_complete(let_pass(5));
  CHECK_FALSE(next.is_done());
  CHECK(server.connections == 1);
  next.cancel();
  take_turns(loop);
}

TEST_CASE("A name that no channel can have is refused before the server is asked", "[postgres]") {
  TestLoop loop;
  ScriptedPostgres server;
  Database db(server.url());
  for (const std::string& name : {std::string(), std::string(64, 'x'), std::string("a\0b", 3)}) {
    CHECK_THROWS_AS(run_until_complete(db.listen(name)), postgres::ValueError);
  }
  CHECK(server.connections == 0);
}
