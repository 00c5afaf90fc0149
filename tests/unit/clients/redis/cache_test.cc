#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/small_redis.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/redis/cache.h>
#include <aiopyr/clients/redis/client.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>

namespace redis_cache_test {

using namespace aiopyr;
using namespace std::chrono_literals;
using aiopyr::redis::Cache;
using aiopyr::redis::CacheOptions;
using aiopyr::redis::testing::SmallRedis;

namespace {

/// Does the work of the cache's scripts, for a server without Lua: see cache_store.cc.
void play_script(SmallRedis& server, const SmallRedis::Words& words) {
  const bool stores = words[2] == "2";
  const std::string& lock = words[stores ? 4 : 3];
  const std::string& token = words[stores ? 5 : 4];
  const bool is_holder = server.value(lock) == token;
  if (stores && (is_holder || (server.find(lock) == nullptr && words[8] == "1"))) {
    const auto kept = std::chrono::milliseconds(std::stoll(words[7]));
    server.entries[words[3]] = {words[6], Loop::current()->now() + kept};
  }
  if (is_holder) server.entries.erase(lock);
}

/// A loop, a Redis, and two caches with clients of their own, as of two processes.
struct Caches {
  explicit Caches(CacheOptions with = {.prefix = "p:", .ttl = 60s, .stale = 300s, .lock = 10s})
      : server(loop),
        client(server.url()),
        other_client(server.url()),
        here(std::make_unique<Cache>(client, with)),
        elsewhere(std::make_unique<Cache>(other_client, with)) {
    server.on_script = [this](const SmallRedis::Words& words) { play_script(server, words); };
  }

  /// Begins to ask for the key `k`. The computation takes a second, and gives "1", "2", ...
  TaskHandle<std::string> ask(Cache& cache) {
    return spawn(cache.get_or_set("k", [this]() -> Task<std::string> {
      const int number = ++computations;
      co_await sleep(1s);
      ++finished;
      const std::string value = std::to_string(number);
      co_return value;
    }));
  }
  TaskHandle<std::string> ask() { return ask(*here); }
  /// Begins to ask with a computation that fails after a second.
  TaskHandle<std::string> fail() {
    return spawn(here->get_or_set("k", [this]() -> Task<std::string> {
      ++computations;
      co_await sleep(1s);
      throw Error("cannot");
    }));
  }
  /// Runs the loop, and moves its clock, until something is so.
  template <class Condition>
  bool turn_until(Condition condition) {
    for (int turn = 0; turn < 2000 && !condition(); ++turn) loop.run_once(true);
    return condition();
  }
  /// Lets the client and the server do what takes no time.
  void settle() { take_turns(loop, 20); }
  std::string result(TaskHandle<std::string>& asked) {
    if (!turn_until([&] { return asked.is_done(); })) return "waits";
    try {
      return asked.result();
    } catch (const std::exception& error) {
      return error.what();
    }
  }
  void pass(Duration time) {
    run_until_complete([](Duration length) -> Task<> { co_await sleep(length); }(time));
  }

  TestLoop loop;
  SmallRedis server;
  redis::Client client;
  redis::Client other_client;
  std::unique_ptr<Cache> here;
  std::unique_ptr<Cache> elsewhere;
  int computations = 0;
  int finished = 0;
};

}  // namespace

TEST_CASE("of many callers one computes, and the others wait for its value", "[redis]") {
  Caches test;
  std::vector<TaskHandle<std::string>> asked;
  for (int i = 0; i < 50; ++i) asked.push_back(test.ask());
  for (auto& each : asked) CHECK(test.result(each) == "1");
  CHECK(test.computations == 1);
  CHECK(test.server.value("p:k") == "1");
  CHECK(test.server.find("lock:p:k") == nullptr);
  auto later = test.ask();
  CHECK(test.result(later) == "1");
  CHECK(test.computations == 1);
}

TEST_CASE("a value is fresh for its time, then stale, then gone", "[redis]") {
  Caches test;
  auto first = test.ask();
  CHECK(test.result(first) == "1");
  test.pass(59s);
  auto fresh = test.ask();
  CHECK(test.result(fresh) == "1");
  test.pass(2s);
  auto renewing = test.ask();
  test.turn_until([&] { return test.computations == 2; });
  auto stale = test.ask();
  CHECK(test.result(stale) == "1");
  CHECK_FALSE(renewing.is_done());
  CHECK(test.result(renewing) == "2");
  test.pass(361s);
  CHECK(test.server.find("p:k") == nullptr);
}

TEST_CASE("of two processes one computes, and the other finds the value", "[redis]") {
  Caches test;
  auto here = test.ask();
  test.turn_until([&] { return test.computations == 1; });
  auto elsewhere = test.ask(*test.elsewhere);
  CHECK(test.result(elsewhere) == "1");
  CHECK(test.result(here) == "1");
  CHECK(test.computations == 1);
}

TEST_CASE("another process gets the stale value while one computes", "[redis]") {
  Caches test;
  auto first = test.ask();
  CHECK(test.result(first) == "1");
  test.pass(61s);
  auto renewing = test.ask();
  test.turn_until([&] { return test.computations == 2; });
  auto stale = test.ask(*test.elsewhere);
  CHECK(test.result(stale) == "1");
  CHECK_FALSE(renewing.is_done());
}

TEST_CASE("a lock of a process that has died ends by its time", "[redis]") {
  Caches test;
  const TimePoint begin = test.loop.now();
  test.server.entries["lock:p:k"] = {"of a dead process", begin + 10s};
  auto asked = test.ask();
  CHECK(test.result(asked) == "1");
  CHECK(test.loop.now() - begin >= 10s);
  CHECK(test.loop.now() - begin < 12s);
  CHECK(test.server.value("p:k") == "1");
}

TEST_CASE("a lock that others hold again and again is not waited for longer than its time",
          "[redis]") {
  Caches test;
  const TimePoint begin = test.loop.now();
  test.server.entries["lock:p:k"] = {"of another process", begin + 1h};
  auto asked = test.ask();
  CHECK(test.result(asked) == "1");
  CHECK(test.loop.now() - begin < 12s);
  CHECK(test.server.find("p:k") == nullptr);  // its holder stores the value
  CHECK(test.server.value("lock:p:k") == "of another process");
}

TEST_CASE("a computation that fails gives its error to its caller; the next one computes",
          "[redis]") {
  Caches test;
  auto failing = test.fail();
  test.turn_until([&] { return test.computations == 1; });
  auto also_failing = test.fail();
  auto next = test.ask();
  auto last = test.ask();
  CHECK(test.result(next) == "3");
  CHECK(test.result(last) == "3");
  CHECK(test.result(failing) == "cannot");
  CHECK(test.result(also_failing) == "cannot");
  CHECK(test.server.value("p:k") == "3");
}

TEST_CASE("the lock is released at once when the only computation fails", "[redis]") {
  Caches test;
  auto failing = test.fail();
  CHECK(test.result(failing) == "cannot");
  test.settle();
  CHECK(test.server.find("lock:p:k") == nullptr);
}

TEST_CASE("a caller may be destroyed in each turn, and another one takes over", "[redis]") {
  for (int turn = 0; turn < 60; ++turn) {
    Caches test;
    auto first = test.ask();
    auto second = test.ask();
    take_turns(test.loop, turn);
    const bool was_done = first.is_done();
    first.cancel();
    CAPTURE(turn, was_done);
    const std::string value = test.result(second);
    CHECK((value == "1" || value == "2"));
    CHECK(test.finished == 1);
    test.settle();
    CHECK(test.server.find("lock:p:k") == nullptr);
    auto later = test.ask();
    CHECK(test.result(later) == value);
  }
}

TEST_CASE("a caller may be destroyed while its value is stored", "[redis]") {
  for (int turn = 0; turn < 12; ++turn) {
    Caches test;
    auto first = test.ask();
    auto second = test.ask();
    test.turn_until([&] { return test.finished == 1; });
    take_turns(test.loop, turn);
    first.cancel();
    CAPTURE(turn);
    const std::string value = test.result(second);
    CHECK(value == std::to_string(test.finished));
    test.settle();
    CHECK(test.server.find("lock:p:k") == nullptr);
    auto later = test.ask(*test.elsewhere);
    CHECK(test.result(later) == value);
  }
}

TEST_CASE("a lone caller may be destroyed in each turn, and leaves no lock", "[redis]") {
  for (int turn = 0; turn < 60; ++turn) {
    Caches test;
    auto only = test.ask();
    take_turns(test.loop, turn);
    only.cancel();
    test.settle();
    CAPTURE(turn);
    CHECK(test.server.find("lock:p:k") == nullptr);
    const TimePoint begin = test.loop.now();
    auto later = test.ask(*test.elsewhere);
    CHECK((test.result(later) == "1" || test.computations == 2));
    CHECK(test.loop.now() - begin < 2s);
  }
}

TEST_CASE("a waiting caller that is destroyed passes its turn on", "[redis]") {
  Caches test;
  auto first = test.ask();
  test.turn_until([&] { return test.computations == 1; });
  auto second = test.ask();
  auto third = test.ask();
  test.settle();
  first.cancel();
  second.cancel();
  CHECK(test.result(third) != "1");
  CHECK(test.finished == 1);
}

TEST_CASE("without Redis the value is computed, by one caller of the process", "[redis]") {
  Caches test;
  test.server.stop();
  auto first = test.ask();
  auto second = test.ask();
  CHECK(test.result(first) == "1");
  CHECK(test.result(second) == "1");
  test.server.start();
  test.pass(1min);
  auto third = test.ask();
  CHECK(test.result(third) == "2");
  CHECK(test.server.value("p:k") == "2");
}

TEST_CASE("a Redis that goes away while a value is computed costs nothing but the value's place",
          "[redis]") {
  Caches test;
  auto asked = test.ask();
  test.turn_until([&] { return test.computations == 1; });
  test.server.stop();
  CHECK(test.result(asked) == "1");
}

TEST_CASE("a silent Redis is given up after the client's timeout", "[redis]") {
  Caches test;
  test.server.hold();
  auto asked = test.ask();
  CHECK(test.result(asked) == "1");
}

TEST_CASE("a cache may be told to need Redis", "[redis]") {
  Caches test({.prefix = "p:", .compute_without_redis = false});
  test.server.stop();
  auto asked = spawn(test.here->get_or_set("k", []() -> Task<std::string> { co_return "x"; }));
  test.turn_until([&] { return asked.is_done(); });
  CHECK_THROWS_AS(asked.result(), ClientError);
}

TEST_CASE("what is being computed is not stored once its key was invalidated", "[redis]") {
  Caches test;
  auto before = test.ask();
  test.turn_until([&] { return test.computations == 1; });
  auto invalidating = spawn(test.elsewhere->invalidate("k"));
  CHECK(test.turn_until([&] { return invalidating.is_done(); }));
  CHECK_FALSE(invalidating.result());
  CHECK(test.result(before) == "1");
  CHECK(test.server.find("p:k") == nullptr);
  auto invalidating_here = spawn(test.here->invalidate("k"));
  auto after = test.ask();
  CHECK(test.result(after) == "2");
  CHECK(test.server.value("p:k") == "2");
  CHECK(test.turn_until([&] { return invalidating_here.is_done(); }));
}

TEST_CASE("callers after an invalidation do not get what was computed before it", "[redis]") {
  Caches test;
  auto before = test.ask();
  test.turn_until([&] { return test.computations == 1; });
  auto invalidating = spawn(test.here->invalidate("k"));
  CHECK(test.turn_until([&] { return invalidating.is_done(); }));
  auto after = test.ask();
  CHECK(test.result(after) == "2");
  CHECK(test.result(before) == "1");
  CHECK(test.server.value("p:k") == "2");
}

TEST_CASE("a computation that takes longer than the lock is stored if nobody else has one",
          "[redis]") {
  Caches test({.prefix = "p:", .ttl = 60s, .lock = 500ms});
  auto asked = test.ask();
  CHECK(test.result(asked) == "1");
  CHECK(test.server.value("p:k") == "1");
}

TEST_CASE("a value may be set, read and removed", "[redis]") {
  Caches test;
  auto setting = spawn(test.here->set("k", "given"));
  CHECK(test.turn_until([&] { return setting.is_done(); }));
  setting.result();
  auto asked = test.ask();
  CHECK(test.result(asked) == "given");
  auto invalidating = spawn(test.here->invalidate("k"));
  CHECK(test.turn_until([&] { return invalidating.is_done(); }));
  CHECK(invalidating.result());
  auto reading = spawn(test.here->get("k"));
  CHECK(test.turn_until([&] { return reading.is_done(); }));
  CHECK_FALSE(reading.result());
}

TEST_CASE("a cache may be destroyed while its callers wait", "[redis]") {
  Caches test;
  auto first = test.ask();
  auto second = test.ask();
  test.turn_until([&] { return test.computations == 1; });
  test.here = nullptr;
  CHECK(test.result(first) == "1");
  CHECK(test.result(second) == "1");
}

TEST_CASE("prefixes that locks could collide with are refused", "[redis]") {
  TestLoop loop;
  redis::Client client("unix:///nowhere");
  CHECK_THROWS_AS(Cache(client, {.prefix = ""}), ConfigurationError);
  CHECK_THROWS_AS(Cache(client, {.prefix = "lock:a"}), ConfigurationError);
  CHECK_THROWS_AS(Cache(client, {.prefix = "a", .ttl = 0}), ConfigurationError);
}

}  // namespace redis_cache_test
