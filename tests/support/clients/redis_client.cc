// A program that uses redis::Client on a real loop, for the functional tests:
//
//   redis_client URL commands          tries the commands; exits with 1 where one is wrong
//   redis_client URL load COUNT        asks COUNT times, cancels some, checks whose answers come
//   redis_client URL endure SECONDS    does so for that time
//   redis_client URL lines             runs each line of its input as a command, prints the reply
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/clients/expect.h"
#include "tests/unit/support/redis_replies.h"
#include <aiopyr/redis.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>

using namespace aiopyr;

namespace {

/// Runs a command that has to fail with a ReplyError, and returns its code.
Task<std::string> code_of(Task<redis::Value> running) {
  std::string code = "none";
  try {
    co_await std::move(running);
  } catch (const redis::ReplyError& error) {
    code = error.code();
  }
  co_return code;
}

Task<> try_strings(redis::Client& client) {
  co_await client.set("a", "one");
  redis::SetOptions only_new;
  only_new.only_new = true;
  const bool stored_again = co_await client.set("a", "two", only_new);
  const auto a = co_await client.get("a");
  const auto none = co_await client.get("none");
  const auto count = co_await client.incr("count", 5);
  const auto length = co_await client.command<std::size_t>("STRLEN", "a");
  const bool expires = co_await client.expire("a", 100);
  const auto left = co_await client.command<int>("TTL", "a");
  EXPECT(!stored_again && a == "one" && !none && count == 5 && length == 3);
  EXPECT(expires && left > 90 && left <= 100);
  const auto there = co_await client.exists("a", "none", "count");
  const std::vector<std::string> keys{"a", "count", "none"};
  const auto removed = co_await client.del(keys);
  EXPECT(there == 2 && removed == 2);
}

Task<> try_aggregates(redis::Client& client) {
  const auto fields = co_await client.hset("h", "x", 1, "y", "2");
  const auto x = co_await client.hget("h", "x");
  const auto hash = co_await client.hgetall("h");
  EXPECT(fields == 2 && x == "1" && hash.size() == 2 && hash.at("y") == "2");
  co_await client.rpush("l", "b", "c");
  const auto length = co_await client.lpush("l", "a");
  const auto list = co_await client.lrange("l", 0, -1);
  EXPECT(length == 3 && list.size() == 3 && list[0] == "a" && list[2] == "c");
  co_await client.sadd("s", "m", "m");
  const auto members = co_await client.smembers("s");
  EXPECT(members.size() == 1 && members[0] == "m");
  co_await client.zadd("z", 1.5, "low");
  co_await client.zadd("z", 2, "high");
  const auto ranks = co_await client.zrange("z", 0, -1);
  EXPECT(ranks.size() == 2 && ranks[0].first == "low" && ranks[0].second == 1.5);
}

Task<> try_several(redis::Client& client) {
  using redis::Command;
  Command first("SET", "p", "v");
  Command second("GET", "p");
  Command third("INCR", "q");
  auto piped = client.pipeline<bool, std::string, std::int64_t>(first, second, third);
  const auto [set, p, q] = co_await std::move(piped);
  EXPECT(set && p == "v" && q == 1);
  std::vector<Command> commands;
  commands.emplace_back("INCR", "q");
  commands.emplace_back("INCR", "p");
  auto transacting = client.transaction(commands);
  const auto replies = co_await std::move(transacting);
  EXPECT(replies.size() == 2 && replies[0].integer() == 2 && replies[1].is_error());
  auto pushing = code_of(client.command("LPUSH", "p", "x"));
  const std::string wrong = co_await std::move(pushing);
  EXPECT(wrong == "WRONGTYPE");
  std::vector<Command> refused;
  refused.emplace_back("INCR", "q");
  refused.emplace_back("NO.SUCH", "secret");
  std::string message;
  try {
    auto failing = client.transaction(refused);
    co_await std::move(failing);
  } catch (const redis::ReplyError& error) {
    message = error.what();
  }
  EXPECT(message.find("unknown command") != std::string::npos);
  EXPECT(message.find("secret") == std::string::npos);
  const auto q_after = co_await client.command<int>("GET", "q");
  EXPECT(q_after == 2);
}

Task<> try_big(redis::Client& client) {
  std::string big(20'000'000, 'x');
  big += "\r\n$1\r\n";
  co_await client.set("big", big);
  const auto got = co_await client.get("big");
  EXPECT(got == big);
  co_await client.del("big");
}

Task<> try_commands(redis::Client& client) {
  co_await client.connect();
  co_await client.command("FLUSHDB");
  co_await try_strings(client);
  co_await try_aggregates(client);
  co_await try_several(client);
  co_await try_big(client);
  co_await client.close();
  std::puts("all is well");
}

// --- Load

struct Counts {
  int right = 0;
  int wrong = 0;
  int cancelled = 0;
  int failed = 0;
};

Task<> ask(redis::Client& client, int number, Counts& counts) {
  const std::string asked = "answer " + std::to_string(number);
  bool has_failed = false;
  std::string got;
  try {
    got = co_await client.command<std::string>("ECHO", asked);
  } catch (const ClientError&) {
    has_failed = true;
  }
  if (has_failed) {
    ++counts.failed;
    co_await sleep(0.002);
  } else {
    ++(got == asked ? counts.right : counts.wrong);
  }
}

Task<> load(redis::Client& client, int count, Seconds time) {
  Counts counts;
  const TimePoint end = Clock::now() + time.duration();
  std::mt19937 random(5);
  std::vector<TaskHandle<>> running;
  for (int number = 0; number < count && Clock::now() < end; ++number) {
    running.push_back(spawn(ask(client, number, counts)));
    if (random() % 4 == 0) co_await sleep(0);
    if (random() % 5 == 0) running[random() % running.size()].cancel();
    if (running.size() < 64) continue;
    for (TaskHandle<>& each : running) {
      while (!each.is_done()) co_await sleep(0);
      counts.cancelled += each.is_cancelled() ? 1 : 0;
    }
    running.clear();
  }
  for (TaskHandle<>& each : running) {
    while (!each.is_done()) co_await sleep(0);
    counts.cancelled += each.is_cancelled() ? 1 : 0;
  }
  std::printf("%d right, %d wrong, %d cancelled, %d failed\n", counts.right, counts.wrong,
              counts.cancelled, counts.failed);
}

// --- Lines

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

Task<std::string> run_line(redis::Client& client, std::string line) {
  std::vector<std::string> words = words_of(line);
  redis::Command command(words.front());
  words.erase(words.begin());
  command.add(words);
  std::string shown;
  try {
    const redis::Value reply = co_await client.run(std::move(command));
    shown = redis::testing::shown(reply);
  } catch (const std::exception& error) {
    shown = std::string("! ") + error.what();
  }
  co_return shown;
}

Task<> run_lines(redis::Client& client) {
  auto read_line = [] {
    std::string line;
    return std::getline(std::cin, line) ? line : std::string();
  };
  for (;;) {
    const std::string line = co_await run_in_executor(read_line);
    if (line.empty()) co_return;
    auto running = run_line(client, line);
    std::string shown = co_await std::move(running);
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    std::puts(shown.c_str());
    std::fflush(stdout);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  EvLoop loop;
  redis::Client client(arguments[1]);
  const std::string_view task = arguments[2];
  if (task == "commands") run_until_complete(try_commands(client));
  const int number = count > 3 ? std::atoi(arguments[3]) : 0;
  if (task == "load") run_until_complete(load(client, number, Seconds::longest()));
  if (task == "endure") {
    run_until_complete(load(client, std::numeric_limits<int>::max(), number));
  }
  if (task == "lines") run_until_complete(run_lines(client));
  return 0;
}
