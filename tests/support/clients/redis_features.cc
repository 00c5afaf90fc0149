// A program that uses what takes connections of its own, for the functional tests: blocking
// commands, WATCH, channels; and scripts, streams, SCAN.
//
//   redis_features URL                    tries them; exits with 1 where one is wrong
//   redis_features URL listen CHANNEL     prints what comes, a line each
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/clients/expect.h"
#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>

using namespace aiopyr;

namespace {

using Popped = std::optional<std::pair<std::string, std::string>>;

Task<> pop(redis::Client& client, std::string key, Popped& popped) {
  popped = co_await client.blocking_command<Popped>("BLPOP", key, 30);
}

Task<> try_blocking(redis::Client& client) {
  Popped popped;
  auto popping = spawn(pop(client, "jobs", popped));
  co_await sleep(0.05);
  EXPECT(!popping.is_done());
  // The shared connection is free meanwhile.
  co_await client.rpush("jobs", "one");
  co_await popping;
  EXPECT(popped && popped->second == "one");
  const auto none = co_await client.blocking_command<Popped>("BLPOP", "jobs", 0.01);
  EXPECT(!none);
}

/// A pool of two: the third waits its turn, and a cancelled one gives its place away.
Task<> try_pool(redis::Client& client) {
  Popped popped[3];
  std::vector<TaskHandle<>> popping;
  for (int i = 0; i < 2; ++i) popping.push_back(spawn(pop(client, "queue", popped[i])));
  co_await sleep(0.1);
  std::string refused;
  try {
    co_await client.blocking_command("BLPOP", "other", 1);
  } catch (const PoolExhaustedError& error) {
    refused = error.what();
  }
  EXPECT(refused.find("acquire_timeout") != std::string::npos);
  popping.push_back(spawn(pop(client, "queue", popped[2])));
  co_await sleep(0);
  popping[0].cancel();
  co_await sleep(0.1);
  co_await client.rpush("queue", "a", "b");
  while (!popping[1].is_done() || !popping[2].is_done()) co_await sleep(0.01);
  EXPECT(!popped[0] && popped[1] && popped[2]);
}

Task<bool> add_to_balance(redis::Client& client, bool is_disturbed) {
  auto watch = co_await client.watch("balance");
  const auto balance = co_await watch.command<std::int64_t>("GET", "balance");
  if (is_disturbed) co_await client.set("balance", 7);
  std::vector<redis::Command> changes;
  changes.emplace_back("SET", "balance", balance + 10);
  auto changing = watch.transaction(std::move(changes));
  bool is_done = true;
  try {
    co_await std::move(changing);
  } catch (const redis::WatchError&) {
    is_done = false;
  }
  co_return is_done;
}

Task<> try_watch(redis::Client& client) {
  co_await client.set("balance", 5);
  const bool first = co_await add_to_balance(client, false);
  const auto after_first = co_await client.command<int>("GET", "balance");
  EXPECT(first && after_first == 15);
  const bool second = co_await add_to_balance(client, true);
  const auto after_second = co_await client.command<int>("GET", "balance");
  EXPECT(!second && after_second == 7);
}

Task<> try_scripts(redis::Client& client) {
  const redis::Script script("return {KEYS[1], ARGV[1] + 1}");
  const std::vector<std::string> keys(1, "k");
  using Answer = std::pair<std::string, int>;
  for (int i = 0; i < 3; ++i) {
    const auto answer = co_await client.eval<Answer>(script, keys, i);
    EXPECT(answer.first == "k" && answer.second == i + 1);
    if (i == 1) co_await client.command("SCRIPT", "FLUSH");
  }
}

Task<> try_streams(redis::Client& client) {
  std::map<std::string, std::string> fields;
  fields["kind"] = "mail";
  const auto id = co_await client.xadd("events", fields);
  redis::Client::Streams all;
  all.emplace_back("events", "0");
  const auto read = co_await client.xread(all);
  EXPECT(read.at("events").size() == 1 && read.at("events")[0].id == id);
  EXPECT(read.at("events")[0].fields[0].second == "mail");
  redis::StreamReadOptions options;
  options.block = Seconds(0.01);
  redis::Client::Streams newest;
  newest.emplace_back("events", "$");
  const auto none = co_await client.xread(newest, options);
  EXPECT(none.empty());
  co_await client.command("XGROUP", "CREATE", "events", "workers", "0");
  redis::Client::Streams fresh;
  fresh.emplace_back("events", ">");
  const auto mine = co_await client.xreadgroup("workers", "me", fresh);
  EXPECT(mine.at("events").size() == 1);
  const auto handled = co_await client.xack("events", "workers", id);
  EXPECT(handled == 1);
}

Task<> try_scan(redis::Client& client) {
  for (int i = 0; i < 250; ++i) {
    const std::string key = "scanned:" + std::to_string(i);
    co_await client.set(key, i);
  }
  redis::ScanOptions options;
  options.match = "scanned:*";
  auto scan = client.scan(options);
  std::set<std::string> seen;
  while (!scan.is_done()) {
    const auto keys = co_await scan.next();
    seen.insert(keys.begin(), keys.end());
  }
  EXPECT(seen.size() == 250);
}

Task<> try_channels(redis::Client& client) {
  auto first = co_await client.subscribe("news");
  auto second = co_await client.subscribe("news");
  auto pattern = co_await client.psubscribe("n*");
  const auto receivers = co_await client.publish("news", "hello");
  EXPECT(receivers == 2);  // one connection, by channel and by pattern
  const auto a = co_await first.next();
  const auto b = co_await second.next();
  const auto c = co_await pattern.next();
  EXPECT(a && a->payload == "hello" && a->channel == "news");
  EXPECT(b && b->payload == "hello");
  EXPECT(c && c->payload == "hello" && c->pattern == "n*");
  second = co_await client.subscribe("other");
  co_await client.publish("news", "again");
  const auto again = co_await first.next();
  EXPECT(again && again->payload == "again");
  // Slower than its buffer, which has 4 places: what comes next is a gap.
  for (int i = 0; i < 10; ++i) {
    const std::string message = std::to_string(i);
    co_await client.publish("other", message);
  }
  co_await sleep(0.05);
  for (int i = 0; i < 4; ++i) {
    const auto event = co_await second.next();
    EXPECT(event && event->payload == std::to_string(i));
  }
  const auto gap = co_await second.next();
  EXPECT(gap && gap->is_gap());
  co_await client.publish("other", "later");
  const auto later = co_await second.next();
  EXPECT(later && later->payload == "later");
}

Task<> try_features(std::string url) {
  redis::Options options;
  options.pool = 2;
  options.acquire_timeout = 0.3;
  options.subscription_events = 4;
  redis::Client client(url, options);
  co_await client.command("FLUSHDB");
  co_await try_blocking(client);
  co_await try_pool(client);
  co_await try_watch(client);
  co_await try_scripts(client);
  co_await try_streams(client);
  co_await try_scan(client);
  co_await try_channels(client);
  co_await client.close();
  std::puts("all is well");
}

Task<> listen(std::string url, std::string channel) {
  redis::Client client(url);
  auto subscription = co_await client.subscribe(channel);
  std::puts("subscribed");
  std::fflush(stdout);
  for (;;) {
    const auto event = co_await subscription.next();
    if (!event) co_return;
    std::puts(event->is_gap() ? "gap" : event->payload.c_str());
    std::fflush(stdout);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  EvLoop loop;
  if (count > 3 && std::string_view(arguments[2]) == "listen") {
    run_until_complete(listen(arguments[1], arguments[3]));
  } else {
    run_until_complete(try_features(arguments[1]));
  }
  return 0;
}
