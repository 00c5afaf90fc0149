#include <chrono>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/unit/support/small_redis.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/task_context.h>

using namespace aiopyr;
using aiopyr::redis::Client;
using aiopyr::redis::testing::SmallRedis;

TEST_CASE("a blocking command ends at the deadline of its request", "[redis]") {
  TestLoop loop;
  SmallRedis server(loop);
  Client client(server.url());
  server.hold();
  TaskContext context;
  context.deadline = loop.now() + std::chrono::seconds(30);
  auto waiting = client.blocking_command("BLPOP", "jobs", 0);
  waiting.set_context(&context);
  CHECK_THROWS_AS(run_until_complete(std::move(waiting)), ClientTimeoutError);
  CHECK(loop.now() >= *context.deadline);
}
