#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"
#include <aiopyr/runtime/async/loop/ev_loop.h>

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::ScriptedHttpServer;
using testing::ServerConnection;

/// Counts what became of requests.
struct Tally {
  int answered = 0;
  int wrong = 0;
  int failed = 0;
};

Task<> ask_one(Client client, std::string url, std::string id, Tally* tally) {
  RequestOptions options;
  options.headers.add("X-Id", id);
  try {
    auto asking = client.get(url, std::move(options));
    const Response response = co_await std::move(asking);
    ++tally->answered;
    if (response.text() != "id " + id) ++tally->wrong;
  } catch (const ClientError&) {
    ++tally->failed;
  }
}

/// Answers each request with its X-Id.
void answer_with_id(ServerConnection& connection) {
  while (connection.has_head()) {
    const std::string head = connection.take_head();
    const std::size_t at = head.find("X-Id: ") + 6;
    connection.send(answer("id " + head.substr(at, head.find('\r', at) - at)));
  }
}

TEST_CASE("10,000 requests with random cancellation: every answer is its asker's") {
  EvLoop loop;
  const ScriptedHttpServer server(&answer_with_id);
  const Client client({.limits = {.connections = 16}});
  std::minstd_rand random(7);
  std::vector<TaskHandle<>> tasks;
  Tally tally;
  constexpr int kRequests = 10000;
  for (int i = 0; i < kRequests; ++i) {
    tasks.push_back(spawn(ask_one(client, server.url(), std::to_string(i), &tally)));
    if (random() % 4 == 0) tasks[random() % tasks.size()].cancel();
    if (random() % 2 == 0) loop.run_once(false);
    if (tasks.size() > 64) {
      tasks.front().cancel();
      tasks.erase(tasks.begin(), tasks.begin() + 32);
    }
  }
  while (std::any_of(tasks.begin(), tasks.end(), [](auto& task) { return !task.is_done(); })) {
    loop.run_once(true);
  }
  CHECK(tally.wrong == 0);
  CHECK(tally.failed == 0);
  CHECK(tally.answered > kRequests / 10);
  CHECK(run_until_complete(client.get(server.url(), {.headers = {{"X-Id", "end"}}})).body() ==
        "id end");
}

TEST_CASE("A client, its requests and its loop may be destroyed in any order") {
  for (int turns = 0; turns < 12; ++turns) {
    auto client = std::unique_ptr<Client>();
    TaskHandle<Response> task;
    {
      EvLoop loop;
      const ScriptedHttpServer server(&answer_with_id);
      client = std::make_unique<Client>();
      task = spawn(client->get(server.url(), {.headers = {{"X-Id", "1"}}}));
      take_turns(loop, turns);
      if (turns % 2 == 0) client.reset();
      take_turns(loop, turns % 3);
    }
    client.reset();
  }
}

}  // namespace
}  // namespace aiopyr::http
