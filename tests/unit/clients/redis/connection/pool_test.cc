#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/redis_server.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/redis/connection/pool.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

using namespace aiopyr;
using namespace aiopyr::redis;
using aiopyr::redis::detail::Lease;
using aiopyr::redis::detail::Pool;
using aiopyr::redis::testing::FakeServer;

namespace {

struct Pooled {
  Pooled() {
    Pool::Limits limits;
    limits.connections = 1;
    limits.waiting = 2;
    pool = std::make_shared<Pool>(
        loop, std::make_shared<const aiopyr::redis::detail::ConnectionSettings>(server.settings()),
        limits);
  }
  ~Pooled() {
    pool->close("the test has ended");
    take_turns(loop);
  }
  TaskHandle<Lease> acquire() { return spawn(Pool::acquire(pool, "BLPOP")); }
  void turns() { take_turns(loop, 5); }

  TestLoop loop;
  FakeServer server;
  std::shared_ptr<Pool> pool;
};

}  // namespace

TEST_CASE("callers get a connection in the order in which they came", "[redis]") {
  Pooled test;
  auto first = test.acquire();
  auto second = test.acquire();
  auto third = test.acquire();
  test.turns();
  REQUIRE(first.is_done());
  CHECK_FALSE(second.is_done());
  {
    const Lease lease = first.result();
    CHECK(test.server.figures.in_use.value() == 1);
    CHECK(test.server.figures.waiting.value() == 2);
  }
  test.turns();
  REQUIRE(second.is_done());
  CHECK_FALSE(third.is_done());
  second.result() = Lease();
  test.turns();
  REQUIRE(third.is_done());
  third.result() = Lease();
  CHECK(test.server.figures.in_use.value() == 0);
}

TEST_CASE("a caller that is destroyed gives its place to the next", "[redis]") {
  for (int turns = 0; turns < 6; ++turns) {
    CAPTURE(turns);
    Pooled test;
    auto first = test.acquire();
    test.turns();
    auto second = test.acquire();
    auto third = test.acquire();
    test.turns();
    first.result() = Lease();
    take_turns(test.loop, turns);
    second.cancel();  // while it waits, when it has been served, and behind
    test.turns();
    if (second.is_done() && !second.is_cancelled()) second.result() = Lease();
    test.turns();
    REQUIRE(third.is_done());
    third.result() = Lease();
    CHECK(test.server.figures.in_use.value() == 0);
  }
}

TEST_CASE("a full pool refuses by time and by number", "[redis]") {
  Pooled test;
  auto first = test.acquire();
  test.turns();
  const Lease lease = first.result();
  auto second = test.acquire();
  auto third = test.acquire();
  auto fourth = test.acquire();
  test.turns();
  CHECK_THROWS_AS(fourth.result(), PoolExhaustedError);
  while (!second.is_done() || !third.is_done()) test.loop.run_once(true);
  CHECK_THROWS_AS(second.result(), PoolExhaustedError);
  CHECK_THROWS_AS(third.result(), PoolExhaustedError);
  CHECK(test.server.figures.waiting.value() == 0);
}

TEST_CASE("closing fails who waits", "[redis]") {
  Pooled test;
  auto first = test.acquire();
  auto second = test.acquire();
  test.turns();
  test.pool->close("the client was destroyed");
  test.turns();
  CHECK_THROWS_AS(second.result(), ConnectError);
  auto third = test.acquire();
  test.turns();
  CHECK_THROWS_AS(third.result(), ConnectError);
  first.result() = Lease();
}
