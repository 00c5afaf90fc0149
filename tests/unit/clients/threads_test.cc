#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_http_server.h"
#include "tests/unit/support/scripted_postgres.h"
#include "tests/unit/support/small_redis.h"
#include <aiopyr/http_client.h>
#include <aiopyr/postgres.h>
#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/tasks/run_blocking.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;

namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 20;

/// The servers of a test, on one loop.
struct Servers {
  explicit Servers(Loop& loop) : redis(loop) {}

  ScriptedPostgres postgres;
  redis::testing::SmallRedis redis;
  http::testing::ScriptedHttpServer http{[](http::testing::ServerConnection& connection) {
    while (connection.has_head()) {
      const std::string head = connection.take_head();
      connection.send(http::testing::answer(head.substr(0, head.find(' ', 4))));
    }
  }};
};

/// Where servers are. Plain texts, for use in other threads.
struct Addresses {
  std::string postgres;
  std::string redis;
  std::string http;
};

Addresses addresses_of(const Servers& servers) {
  return {servers.postgres.url(), servers.redis.url(), servers.http.url("/")};
}

/// Asks each server again and again with clients of its own; returns how many answers were right.
Task<int> ask_all(Addresses at, std::string own) {
  postgres::Database db(at.postgres);
  redis::Client cache(at.redis);
  const http::Client web;
  int right = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string number = own + std::to_string(round);
    const std::string sql = "select " + number;
    auto asking = db.query_one<std::string>(sql);
    const std::string row = co_await std::move(asking);
    auto setting = cache.set(own, number);
    co_await std::move(setting);
    auto getting = cache.get(own);
    const auto value = co_await std::move(getting);
    auto fetching = web.get(at.http + number);
    const http::Response response = co_await std::move(fetching);
    right += row == sql && value == number && response.body() == "GET /" + number ? 1 : 0;
  }
  auto closing = db.close();
  co_await std::move(closing);
  co_return right;
}

Task<> wait_for_all(const std::atomic<int>* left) {
  while (*left > 0) co_await aiopyr::sleep(0.002);
}

Task<> give_up(std::string url) {
  postgres::Database db(url);
  auto leave = [](postgres::Transaction& tx) -> Task<> {
    auto asking = tx.query("select slow");
    co_await std::move(asking);
  };
  for (int i = 0; i < 3; ++i) {
    try {
      auto cut = wait_for(db.transaction(leave), 0.01);
      co_await std::move(cut);
    } catch (const TimeoutError&) {
    }
  }
  auto closing = db.close();
  co_await std::move(closing);
}

}  // namespace

TEST_CASE("Loops of several threads have clients of their own") {
  std::vector<int> right(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([i, &right] {
      EvLoop loop;
      const Servers servers(loop);
      right[i] = run_until_complete(ask_all(addresses_of(servers), std::to_string(i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::vector<int>(kThreads, kRounds));
}

TEST_CASE("Threads without a loop ask by run_blocking(), while the servers' loop goes on") {
  EvLoop loop;
  const Servers servers(loop);
  std::vector<int> right(kThreads);
  std::atomic<int> left = kThreads;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([i, &right, &left, at = addresses_of(servers)] {
      right[i] = run_blocking(ask_all(at, std::to_string(i)));
      --left;
    });
  }
  run_until_complete(wait_for_all(&left));
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::vector<int>(kThreads, kRounds));
}

TEST_CASE("The executor's threads may ask, too") {
  EvLoop loop;
  const Servers servers(loop);
  std::vector<Task<int>> jobs;
  for (int i = 0; i < kThreads; ++i) {
    jobs.push_back(run_in_executor(
        [i, at = addresses_of(servers)] { return run_blocking(ask_all(at, std::to_string(i))); }));
  }
  CHECK(run_until_complete(gather(std::move(jobs))) == std::vector<int>(kThreads, kRounds));
}

TEST_CASE("A statement is cancelled by a thread while the loop goes on") {
  EvLoop loop;
  ScriptedPostgres server;
  server.answer = [](const std::string& sql) -> ScriptedPostgres::Answer {
    return {.sqlstate = "", .is_silent = sql == "select slow"};
  };
  run_until_complete(give_up(server.url()));
  CHECK(server.connections > 3);
}
