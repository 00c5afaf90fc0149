// The tests of Aiopyramid's helpers (tests/test_helpers.py), under their names. A greenlet is a
// fiber here, a future a task.
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;

namespace {

Task<int> sample(int pass_back) { co_return pass_back; }
[[maybe_unused]] int simple(int pass_back) { return pass_back; }

template <class F>
concept CanSynchronize = requires(F f) {
  synchronize(f)(1);
};

}  // namespace

TEST_CASE("spawn: return_direct_result") {
  TestLoop loop;
  CHECK(run_until_complete(spawn_fiber([] { return 4; })) == 4);
}

TEST_CASE("spawn: switch_direct_result") {
  // In Aiopyramid a greenlet may switch any value to its parent, which takes precedence over a
  // later return. A fiber only parks and has no other exit than its end, so one value results, and
  // the body runs to its end.
  TestLoop loop;
  bool ended = false;
  const auto body = [&] {
    synchronize([]() -> Task<> { co_await sleep(0); })();
    ended = true;
    return 4;
  };
  CHECK(run_until_complete(spawn_fiber(body)) == 4);
  CHECK(ended);
}

TEST_CASE("spawn: wait_on_future") {
  // The result is already there, and the fiber gets it nevertheless.
  TestLoop loop;
  CHECK(run_until_complete(spawn_fiber([] { return wait_on_fiber(sample(4)); })) == 4);
}

TEST_CASE("run_in_greenlet: result") {
  TestLoop loop;
  const auto body = [] {
    const int message = 12;
    CHECK(synchronize(sample)(message) == message);
    return message + 1;
  };
  CHECK(run_until_complete(spawn_fiber(body)) == 13);
}

TEST_CASE("run_in_greenlet: result_chain") {
  TestLoop loop;
  const auto chain = [](int pass_back) -> Task<int> {
    const int out = co_await sample(pass_back);
    co_return out - 1;
  };
  const auto body = [&] {
    const int message = 12;
    CHECK(synchronize(chain)(message) == message - 1);
    return message + 1;
  };
  CHECK(run_until_complete(spawn_fiber(body)) == 13);
}

TEST_CASE("run_in_greenlet: exception") {
  TestLoop loop;
  const auto raise = []() -> Task<> {
    throw std::out_of_range("KeyError");
    co_return;
  };
  run_until_complete(
      spawn_fiber([&] { CHECK_THROWS_AS(synchronize(raise)(), std::out_of_range); }));
}

TEST_CASE("synchronize: conversion") {
  // Python raises ConfigurationError for a plain function; in C++ it does not compile.
  STATIC_REQUIRE_FALSE(CanSynchronize<decltype(&simple)>);
  const auto plain_lambda = [](int n) { return n; };
  STATIC_REQUIRE_FALSE(CanSynchronize<decltype(plain_lambda)>);
  STATIC_REQUIRE(CanSynchronize<decltype(&sample)>);
  // The result is a plain function.
  STATIC_REQUIRE(std::same_as<decltype(synchronize(sample)(1)), int>);
}

TEST_CASE("synchronize: scope_error") {
  TestLoop loop;
  const auto synced = synchronize(sample);
  CHECK_THROWS_AS(synced(1), ScopeError);
  CHECK(run_until_complete(spawn_fiber(synced, 5)) == 5);
  const auto loose = synchronize(sample, non_strict);
  STATIC_REQUIRE(std::same_as<decltype(loose(5)), Deferred<int>>);
  const auto await_it = [&]() -> Task<int> { co_return co_await loose(5); };
  CHECK(run_until_complete(await_it()) == 5);
}

TEST_CASE("synchronize: as_decorator") {
  TestLoop loop;
  static const auto synced = synchronize([](int pass_back) -> Task<int> {
    co_await sleep(0);
    co_return pass_back;
  });
  CHECK_THROWS_AS(synced(1), ScopeError);
  CHECK(run_until_complete(spawn_fiber(synced, 12)) == 12);
}
