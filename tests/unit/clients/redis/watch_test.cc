#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/small_redis.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/loop/test_loop.h>

using namespace aiopyr;
using namespace aiopyr::redis;
using aiopyr::redis::testing::SmallRedis;

TEST_CASE("a watch that was lost with its connection lets no transaction run", "[redis]") {
  TestLoop loop;
  SmallRedis server(loop);
  Client client(server.url());
  Watch watch = run_until_complete(client.watch("balance"));
  server.stop();
  take_turns(loop, 5);
  server.start();
  std::vector<Command> changes;
  changes.emplace_back("SET", "balance", 1);
  CHECK_THROWS_AS(run_until_complete(watch.command("GET", "balance")), ConnectionLostError);
  CHECK_THROWS_AS(run_until_complete(watch.transaction(std::move(changes))), ConnectionLostError);
  CHECK(server.count("MULTI") == 0);
  CHECK(server.count("GET") == 0);
  const Watch again = run_until_complete(client.watch("balance"));
  CHECK(server.count("WATCH") == 2);
}
