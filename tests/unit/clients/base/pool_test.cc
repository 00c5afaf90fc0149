#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/turns.h"
#include <aiopyr/clients/base/pool.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using namespace aiopyr::clients;

namespace {

/// The behaviour of the fake server with its connections.
struct FakeServer {
  bool is_away = false;
  double connect_time = 0.01;
  double clean_time = 0.01;
  int open = 0;
  int most_open = 0;
  int made = 0;
};

class FakeConnection final : public PooledConnection {
 public:
  explicit FakeConnection(FakeServer& server) : server_(server), number(server.made++) {
    server_.most_open = std::max(server_.most_open, ++server_.open);
  }
  ~FakeConnection() override { --server_.open; }

  [[nodiscard]] bool is_open() const noexcept override { return !broken; }
  [[nodiscard]] bool is_clean() const noexcept override { return !dirty; }
  [[nodiscard]] Task<void> clean() override { return clean_it(*this); }
  void close() noexcept override { broken = true; }

 private:
  static Task<void> clean_it(FakeConnection& self) {
    const double time = self.server_.clean_time;
    co_await sleep(time);
    self.dirty = false;
  }
  FakeServer& server_;

 public:
  int number;
  bool broken = false;
  bool dirty = false;
  bool lent = false;
};

Task<std::unique_ptr<PooledConnection>> make_fake(FakeServer* server) {
  const double time = server->connect_time;
  co_await sleep(time);
  if (server->is_away) throw ConnectError({"fake", "here", "connect"}, "refused");
  co_return std::make_unique<FakeConnection>(*server);
}

struct Fixture {
  TestLoop loop;
  FakeServer server;
  metrics::ClientFigures figures{};
  std::unique_ptr<Pool<FakeConnection>> pool;

  explicit Fixture(PoolLimits limits = {}) {
    auto maker = [this] { return make_fake(&server); };
    pool = std::make_unique<Pool<FakeConnection>>(ClientError::Context{"fake", "here", ""}, limits,
                                                  figures, maker);
  }
  /// Lets time pass.
  void pass(double seconds) {
    auto passing = [](double time) -> Task<void> { co_await sleep(time); };
    run_until_complete(passing(seconds));
  }
  Lease<FakeConnection> take() {
    auto taking = [](Pool<FakeConnection>* from) -> Task<Lease<FakeConnection>> {
      auto lease = co_await from->acquire();
      co_return lease;
    };
    return run_until_complete(taking(pool.get()));
  }
};

/// Takes a connection, notes its name, and holds it for a while.
Task<void> use(Pool<FakeConnection>* pool, std::vector<int>* order, int name, double time) {
  auto lease = co_await pool->acquire();
  order->push_back(name);
  co_await sleep(time);
}

Task<std::string> failure_of(Pool<FakeConnection>* pool) {
  try {
    auto lease = co_await pool->acquire();
  } catch (const Error& error) {
    co_return error.what();
  }
  co_return "";
}

PoolLimits of_size(std::size_t size) {
  PoolLimits limits;
  limits.size = size;
  return limits;
}

}  // namespace

TEST_CASE("A pool makes connections when they are needed, and lends them again", "[pool]") {
  Fixture f(of_size(2));
  CHECK(f.server.made == 0);
  {
    auto first = f.take();
    auto second = f.take();
    CHECK(first->number != second->number);
    CHECK(f.figures.in_use.value() == 2);
  }
  CHECK(f.pool->idle() == 2);
  CHECK(f.figures.in_use.value() == 0);
  CHECK(f.figures.connections.value() == 2);
  auto again = f.pool->try_acquire();
  REQUIRE(again);
  CHECK(f.server.made == 2);
}

TEST_CASE("Who waits for a connection gets it in the order of coming", "[pool]") {
  Fixture f(of_size(1));
  std::vector<int> order;
  std::vector<TaskHandle<void>> handles;
  for (int name = 0; name < 5; ++name)
    handles.push_back(spawn(use(f.pool.get(), &order, name, 0.1)));
  f.pass(2);
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(f.server.most_open == 1);
  CHECK(f.figures.waiting.value() == 0);
}

TEST_CASE("A waiter that is destroyed leaves the queue, also once it has been granted a connection",
          "[pool]") {
  for (int turns = 0; turns < 12; ++turns) {
    Fixture f(of_size(1));
    std::vector<int> order;
    auto lease = f.take();
    auto first = spawn(use(f.pool.get(), &order, 1, 0.1));
    auto second = spawn(use(f.pool.get(), &order, 2, 0.1));
    take_turns(f.loop, turns / 3);
    lease.release();
    take_turns(f.loop, turns % 3);
    first.cancel();
    f.pass(1);
    CHECK(!order.empty());
    CHECK(order.back() == 2);
    CHECK(f.pool->waiting() == 0);
    CHECK(f.pool->idle() == 1);
    CHECK(f.figures.in_use.value() == 0);
  }
}

TEST_CASE("A full queue and a wait that takes too long say how full the pool is", "[pool]") {
  PoolLimits limits = of_size(1);
  limits.queue = 1;
  limits.acquire_timeout = std::chrono::seconds(3);
  Fixture f(limits);
  auto lease = f.take();
  auto waiting = spawn(failure_of(f.pool.get()));
  take_turns(f.loop);
  const std::string full = run_until_complete(failure_of(f.pool.get()));
  CHECK(full.find("too many wait for a connection: 1 of 1 connections are open") !=
        std::string::npos);
  CHECK(full.find("raise pool_size or pool_queue") != std::string::npos);
  f.pass(4);
  CHECK(waiting.result().find("no connection became free within 3 s") != std::string::npos);
  CHECK(f.pool->waiting() == 0);
}

TEST_CASE("While the server is known to be away, callers fail at once, and later try again",
          "[pool]") {
  Fixture f(of_size(2));
  f.server.is_away = true;
  CHECK(run_until_complete(failure_of(f.pool.get())).find("refused") != std::string::npos);
  const TimePoint before = f.loop.now();
  CHECK(run_until_complete(failure_of(f.pool.get())).find("the server is away") !=
        std::string::npos);
  CHECK(f.loop.now() == before);
  f.server.is_away = false;
  f.pass(11);
  CHECK(f.take());
  CHECK(f.figures.connect_failures.value() >= 1);
}

TEST_CASE("A server that refuses more connections leaves callers waiting for those that are open",
          "[pool]") {
  Fixture f(of_size(4));
  auto lease = f.take();
  f.server.is_away = true;
  std::vector<int> order;
  auto user = spawn(use(f.pool.get(), &order, 1, 0.1));
  f.pass(1);
  CHECK(order.empty());
  lease.release();
  f.pass(1);
  CHECK(order == std::vector<int>{1});
}

TEST_CASE("A connection with something left is cleaned before the next user, or closed", "[pool]") {
  Fixture f(of_size(1));
  auto lease = f.take();
  lease->dirty = true;
  lease.release();
  CHECK(f.pool->idle() == 0);
  auto next = f.take();
  CHECK(next->number == 0);
  CHECK(!next->dirty);
  f.server.clean_time = 60;
  next->dirty = true;
  next.release();
  auto other = f.take();
  CHECK(other->number == 1);
}

TEST_CASE("Broken, idle and old connections are replaced", "[pool]") {
  PoolLimits limits = of_size(4);
  limits.min_size = 1;
  limits.idle_timeout = std::chrono::seconds(60);
  limits.max_lifetime = std::chrono::seconds(600);
  Fixture f(limits);
  auto a = f.take();
  auto b = f.take();
  a.release();
  b.release();
  f.pass(61);
  CHECK(f.pool->open() == 1);
  auto left = f.take();
  const int number = left->number;
  left->broken = true;
  left.release();
  CHECK(f.take()->number != number);
  f.pass(601);
  CHECK(f.pool->open() == 0);
  CHECK(f.server.open == 0);
}

TEST_CASE("Closing a pool lets running work end, and then breaks what is left", "[pool]") {
  Fixture f(of_size(2));
  std::vector<int> order;
  auto quick = spawn(use(f.pool.get(), &order, 1, 0.5));
  f.pass(0.1);
  auto lease = f.take();
  run_until_complete(f.pool->close(1.0));
  CHECK(quick.is_done());
  CHECK(lease->broken);
  CHECK(run_until_complete(failure_of(f.pool.get())).find("closed") != std::string::npos);
  lease.release();
  CHECK(f.server.open == 0);
}

TEST_CASE("A lease outlives its pool", "[pool]") {
  Fixture f(of_size(1));
  auto lease = f.take();
  auto waiting = spawn(failure_of(f.pool.get()));
  take_turns(f.loop);
  f.pool.reset();
  take_turns(f.loop);
  CHECK(waiting.result().find("closed") != std::string::npos);
  lease.release();
  CHECK(f.server.open == 0);
}

namespace {

/// Counts how many users hold each connection.
Task<void> hold_alone(Pool<FakeConnection>* pool, double time, int kind, int* done) {
  auto lease = co_await pool->acquire();
  CHECK(!lease->lent);
  CHECK(!lease->dirty);
  struct Mark {
    FakeConnection& connection;
    explicit Mark(FakeConnection& c) : connection(c) { connection.lent = true; }
    ~Mark() { connection.lent = false; }
  };
  const Mark mark(*lease);
  if (kind == 1) lease->dirty = true;
  co_await sleep(time);
  if (kind == 2) lease->broken = true;
  ++*done;
}

}  // namespace

TEST_CASE("Ten thousand random uses, cancellations and failures lose no place", "[pool]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  std::minstd_rand random(seed);
  PoolLimits limits = of_size(5);
  limits.queue = 50;
  limits.max_lifetime = std::chrono::seconds(20);
  Fixture f(limits);
  f.loop.set_exception_handler([](const std::exception_ptr&, std::string_view) {});
  std::deque<TaskHandle<void>> users;
  int done = 0;
  for (int step = 0; step < 3500; ++step) {
    const auto what = random() % 10;
    if (what < 5) {
      const double time = static_cast<double>(random() % 100) / 1000;
      users.push_back(spawn(hold_alone(f.pool.get(), time, static_cast<int>(random() % 6), &done)));
    } else if (what < 7 && !users.empty()) {
      users[random() % users.size()].cancel();
    } else if (what == 7) {
      f.server.is_away = random() % 8 == 0;
      f.server.clean_time = random() % 20 == 0 ? 5 : 0.01;
    } else {
      f.pass(static_cast<double>(random() % 40) / 1000);
    }
    if (users.size() > 60) users.pop_front();
    CHECK(f.pool->open() <= 5);
    CHECK(f.pool->waiting() <= 50);
    CHECK(f.figures.waiting.value() == static_cast<std::int64_t>(f.pool->waiting()));
    CHECK(f.server.most_open <= 5);
  }
  f.server.is_away = false;
  f.pass(60);
  CHECK(f.pool->waiting() == 0);
  CHECK(f.figures.in_use.value() == 0);
  // Their number depends on the pauses before a server is tried again, which are left to chance.
  CHECK(done > 20);
  std::vector<Lease<FakeConnection>> all;
  for (int i = 0; i < 5; ++i) all.push_back(f.take());
  CHECK(f.figures.in_use.value() == 5);
  all.clear();
  CHECK(f.pool->idle() == 5);
}
