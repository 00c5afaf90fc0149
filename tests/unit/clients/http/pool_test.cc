#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::ScriptedHttpServer;
using testing::ServerConnection;
using testing::turn_until;

/// A server that answers nothing until it is told.
struct SilentServer {
  ScriptedHttpServer server{[](ServerConnection&) {}};

  /// Answers each request that has come with its own path. Returns how many.
  std::size_t answer_all() {
    std::size_t count = 0;
    for (std::size_t i = 0; i < server.accepted(); ++i) {
      ServerConnection& connection = server.connection(i);
      while (connection.has_head()) {
        const std::string head = connection.take_head();
        connection.send(answer(head.substr(4, head.find(' ', 4) - 4)));
        ++count;
      }
    }
    return count;
  }
};

TEST_CASE("No more requests run at a time than the limits say, first come first served") {
  TestLoop loop;
  SilentServer silent;
  const Client client({.name = "limited", .limits = {.connections_per_origin = 3}});
  metrics::ClientFigures& figures = metrics::client_figures().client("http", "limited");
  std::vector<TaskHandle<Response>> tasks;
  for (int i = 0; i < 10; ++i) {
    tasks.push_back(spawn(client.get(silent.server.url("/" + std::to_string(i)))));
  }
  take_turns(loop, 20);
  CHECK(silent.server.accepted() == 3);
  CHECK(figures.in_use.value() == 3);
  CHECK(figures.waiting.value() == 7);
  CHECK(figures.connections.value() == 3);
  std::size_t next = 0;
  while (next < tasks.size()) {
    const std::size_t count = silent.answer_all();
    REQUIRE(turn_until(loop, [&] { return tasks[next + count - 1].is_done(); }));
    for (std::size_t i = 0; i < count; ++i, ++next) {
      CHECK(tasks[next].result().body() == "/" + std::to_string(next));
    }
    take_turns(loop, 10);
  }
  CHECK(silent.server.accepted() == 3);
  CHECK(figures.in_use.value() == 0);
  CHECK(figures.waiting.value() == 0);
  CHECK(figures.connects.value() == 3);
}

TEST_CASE("A limit of one origin does not keep requests to others waiting") {
  TestLoop loop;
  SilentServer slow;
  const auto quick = ScriptedHttpServer::answering(answer("quick"));
  const Client client({.limits = {.connections = 5, .connections_per_origin = 1}});
  std::vector<TaskHandle<Response>> tasks;
  for (int i = 0; i < 4; ++i) tasks.push_back(spawn(client.get(slow.server.url())));
  take_turns(loop, 10);
  CHECK(run_until_complete(client.get(quick->url())).body() == "quick");
}

TEST_CASE("A request that waits too long for its place, or behind too many, fails by itself") {
  TestLoop loop;
  SilentServer silent;
  const Client client(
      {.timeouts = {.acquire = 2, .read = 60}, .limits = {.connections = 1, .waiting = 2}});
  auto first = spawn(client.get(silent.server.url("/first")));
  take_turns(loop, 5);
  auto second = spawn(client.get(silent.server.url("/second")));
  auto third = spawn(client.get(silent.server.url("/third")));
  take_turns(loop, 5);
  CHECK_THROWS_AS(run_until_complete(client.get(silent.server.url("/fourth"))), PoolExhaustedError);
  third.cancel();
  take_turns(loop, 2);
  loop.advance(std::chrono::seconds(3));
  CHECK(turn_until(loop, [&] { return second.is_done(); }));
  CHECK_THROWS_AS(second.result(), PoolExhaustedError);
  CHECK_FALSE(first.is_done());
  silent.answer_all();
  CHECK(turn_until(loop, [&] { return first.is_done(); }));
  CHECK(first.result().body() == "/first");
}

TEST_CASE("A place that was granted to a request which is destroyed goes to the next") {
  TestLoop loop;
  SilentServer silent;
  const Client client({.limits = {.connections = 1}});
  for (int turns = 0; turns < 12; ++turns) {
    auto first = spawn(client.get(silent.server.url("/first")));
    take_turns(loop, 6);
    auto second = spawn(client.get(silent.server.url("/second")));
    auto third = spawn(client.get(silent.server.url("/third")));
    take_turns(loop, 3);
    silent.answer_all();
    take_turns(loop, turns);
    second.cancel();
    REQUIRE(turn_until(loop, [&] {
      silent.answer_all();
      return third.is_done();
    }));
    CHECK(third.result().body() == "/third");
  }
}

TEST_CASE("What the operations of a client did is counted") {
  TestLoop loop;
  SilentServer silent;
  const Client client({.name = "counted"});
  metrics::ClientFigures& figures = metrics::client_figures().client("http", "counted");
  auto first = spawn(client.get(silent.server.url()));
  auto second = spawn(client.get(silent.server.url()));
  take_turns(loop, 6);
  second.cancel();
  silent.answer_all();
  REQUIRE(turn_until(loop, [&] { return first.is_done(); }));
  static_cast<void>(first.result());
  const auto& outcomes = figures.operation("GET").outcomes;
  CHECK(outcomes[static_cast<std::size_t>(metrics::Outcome::kOk)].value() == 1);
  CHECK(outcomes[static_cast<std::size_t>(metrics::Outcome::kCancelled)].value() == 1);
}

}  // namespace
}  // namespace aiopyr::http
