// A program that uses redis::Client while one system call after another fails: redis_faults URL.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/clients/faults/fault_loop.h"
#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>

using namespace aiopyr;

namespace {

class RedisSubject final : public faults::Subject {
 public:
  explicit RedisSubject(const std::string& url) : client_(url) {}

  Task<void> use() override {
    // Several share one connection.
    std::vector<Task<void>> echoes;
    for (int i = 0; i < 3; ++i) echoes.push_back(attempt(echo("answer " + std::to_string(i))));
    auto all = gather(std::move(echoes));
    co_await std::move(all);
    auto transacting = attempt(transact());
    co_await std::move(transacting);
    auto waiting = attempt(wait_there());
    co_await std::move(waiting);
    auto listening = attempt(listen());
    co_await std::move(listening);
  }

  Task<void> ask() override { return echo("well"); }
  Task<void> close() override { return client_.close(); }

 private:
  Task<void> echo(std::string text) {
    const std::string got = co_await client_.command<std::string>("ECHO", text);
    faults::require(got == text, "ECHO " + text + " gives " + got);
  }

  Task<void> transact() {
    std::vector<redis::Command> commands;
    commands.emplace_back("SET", "fault", "1");
    commands.emplace_back("INCR", "fault");
    auto running = client_.transaction(std::move(commands));
    const auto replies = co_await std::move(running);
    faults::require(replies.size() == 2 && replies[1].integer() == 2, "a transaction");
  }

  /// Waits at the server, on a connection of its own. There are no replicas to wait for.
  Task<void> wait_there() {
    const auto replicas = co_await client_.blocking_command<std::int64_t>("WAIT", 0, 10'000);
    faults::require(replicas == 0, "WAIT");
  }

  Task<void> listen() {
    auto subscribing = client_.subscribe("news");
    redis::Subscription news = co_await std::move(subscribing);
    auto publishing = client_.publish("news", "one");
    co_await std::move(publishing);
    auto waiting = news.next();
    const auto event = co_await std::move(waiting);
    faults::require(event.has_value(), "an event");
    faults::require(event->is_gap() || event->payload == "one", "the message");
  }

  redis::Client client_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  EvLoop loop;
  const std::string url = arguments[1];
  return faults::fail_each_call([&] { return std::make_unique<RedisSubject>(url); });
}
