#include <concepts>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/counted.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;

// Not in the unnamed namespace, so that the message can name it.
Task<int> add_slowly(int a, int b);

Task<int> add_slowly(int a, int b) {
  co_await sleep(0.5);
  co_return a + b;
}

namespace {

Task<> fail_with(std::string message) {
  co_await sleep(0);
  throw std::invalid_argument(message);
}

struct Counter {
  int step;
  Task<int> next(int n) const {
    co_await sleep(0);
    co_return n + step;
  }
};

}  // namespace

TEST_CASE("synchronize wraps a free function, a lambda and a member") {
  TestLoop loop;
  const auto body = [] {
    const Counter counter{10};
    const int free = synchronize(add_slowly)(1, 2);
    const int lambda = synchronize([](int n) -> Task<int> { co_return n; })(3);
    const int member = synchronize(&Counter::next)(counter, 4);
    return std::vector{free, lambda, member};
  };
  CHECK(run_until_complete(spawn_fiber(body)) == std::vector{3, 3, 14});
}

TEST_CASE("references stay valid, as the caller waits") {
  TestLoop loop;
  const auto append = [](std::string& text) -> Task<> {
    co_await sleep(0);
    text += "!";
  };
  const auto body = [&] {
    std::string text = "here";
    synchronize(append)(text);
    return text;
  };
  CHECK(run_until_complete(spawn_fiber(body)) == "here!");
}

TEST_CASE("an exception thrown in a task reaches the fiber that synchronized it") {
  TestLoop loop;
  const auto body = [] {
    try {
      synchronize(fail_with)("from the task");
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(run_until_complete(spawn_fiber(body)) == "from the task");
}

TEST_CASE("an exception thrown on a fiber reaches the task that awaits it") {
  TestLoop loop;
  const auto task = []() -> Task<std::string> {
    try {
      co_await spawn_fiber([] {
        synchronize(add_slowly)(1, 2);
        throw std::out_of_range("from the fiber");
      });
    } catch (const std::out_of_range& error) {
      co_return error.what();
    }
    co_return "";
  };
  CHECK(run_until_complete(task()) == "from the fiber");
}

TEST_CASE("a fiber synchronizes inside a catch and the exception is still the right one") {
  TestLoop loop;
  const auto body = [](const std::string& name) {
    std::string seen;
    try {
      try {
        throw std::runtime_error(name);
      } catch (...) {
        try {
          synchronize(fail_with)("other");
        } catch (const std::invalid_argument&) {
          seen += "other ";
        }
        throw;
      }
    } catch (const std::runtime_error& error) {
      seen += error.what();
    }
    return seen;
  };
  auto one = spawn(spawn_fiber(body, std::string("one")));
  auto two = spawn(spawn_fiber(body, std::string("two")));
  take_turns(loop, 8);
  CHECK(one.result() == "other one");
  CHECK(two.result() == "other two");
}

TEST_CASE("a synchronized call in the loop throws ScopeError, which names it and what to do") {
  TestLoop loop;
  bool begun = false;
  const auto begin = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  CHECK_THROWS_AS(synchronize(begin)(), ScopeError);
  CHECK(!begun);
  CHECK_THROWS_WITH(
      synchronize(add_slowly)(1, 2),
      Catch::Matchers::Contains("add_slowly(int, int)") && Catch::Matchers::Contains("co_await"));
}

TEST_CASE("a synchronized call in a coroutine throws ScopeError") {
  TestLoop loop;
  const auto call = []() -> Task<int> { co_return synchronize(add_slowly)(1, 2); };
  CHECK_THROWS_AS(run_until_complete(call()), ScopeError);
}

TEST_CASE("a synchronized call in a coroutine that a fiber waits for throws ScopeError") {
  TestLoop loop;
  const auto call = []() -> Task<int> { co_return synchronize(add_slowly)(1, 2); };
  const auto body = [&] { return synchronize(call)(); };
  CHECK_THROWS_AS(run_until_complete(spawn_fiber(body)), ScopeError);
}

TEST_CASE("a synchronized call in an executor's thread throws ScopeError, which says so") {
  TestLoop loop;
  const auto call = [] { return synchronize(add_slowly)(1, 2); };
  CHECK_THROWS_AS(run_until_complete(run_in_executor(call)), ScopeError);
  CHECK_THROWS_WITH(run_until_complete(run_in_executor(call)), Catch::Matchers::Contains("thread"));
}

TEST_CASE("a fiber awaited by a task that a fiber synchronizes synchronizes in its turn") {
  TestLoop loop;
  const auto inner = [] { return synchronize(add_slowly)(1, 2); };
  const auto middle = [&]() -> Task<int> { co_return co_await spawn_fiber(inner) + 10; };
  const auto outer = [&] { return synchronize(middle)() + 100; };
  CHECK(run_until_complete(spawn_fiber(outer)) == 113);
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("cancelling a coroutine cancels its fiber, and the task that the fiber waits for") {
  TestLoop loop;
  Event event;
  int alive = 0;
  bool unwound = false;
  const auto held = [&](Counted) -> Task<> { co_await event.wait(); };
  auto handle = spawn(spawn_fiber([&] {
    try {
      synchronize(held)(Counted(alive));
    } catch (const CancelledError&) {
      unwound = true;
      throw;
    }
  }));
  take_turns(loop);
  CHECK(alive > 0);
  handle.cancel();
  take_turns(loop);
  CHECK(unwound);
  CHECK(alive == 0);
  CHECK(handle.is_cancelled());
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("a fiber that catches its cancellation and ends is no harm to the coroutine that left") {
  TestLoop loop;
  Event event;
  auto handle = spawn(spawn_fiber([&] {
    try {
      synchronize([&]() -> Task<> { co_await event.wait(); })();
    } catch (const CancelledError&) {
    }
    return 3;
  }));
  take_turns(loop);
  handle.cancel();
  take_turns(loop);
  CHECK(handle.is_cancelled());
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("a fiber cancelled when its task has ended, but before it was resumed, has the result") {
  TestLoop loop;
  Event event;
  int result = 0;
  Fiber& fiber = Fiber::start(loop, [&] {
    result = synchronize([&]() -> Task<int> {
      co_await event.wait();
      co_return 7;
    })();
  });
  event.set();
  // The task ends in this turn and makes the fiber ready for the next.
  loop.run_once(false);
  fiber.cancel();
  CHECK(result == 7);
}

TEST_CASE("what is not strict is a value on a fiber and a coroutine elsewhere") {
  TestLoop loop;
  const auto loose = synchronize(add_slowly, non_strict);
  const auto on_fiber = [&] {
    Deferred<int> sum = loose(1, 2);
    return sum.is_ready() && std::move(sum).get() == 3;
  };
  CHECK(run_until_complete(spawn_fiber(on_fiber)));
  const auto in_loop = [&]() -> Task<int> { co_return co_await loose(3, 4); };
  CHECK(run_until_complete(in_loop()) == 7);
  CHECK_THROWS_AS(loose(1, 2).get(), ScopeError);
}

TEST_CASE("a Deferred is no condition and no value by itself: who may wait says so") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<bool, Deferred<bool>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Deferred<int>, int>);
  STATIC_REQUIRE(std::same_as<decltype(std::declval<Deferred<bool>>().get()), bool>);
}

TEST_CASE("a deferred call keeps the lambda that it calls, and refers to lvalue arguments") {
  TestLoop loop;
  int target = 0;
  const auto make = [&] {
    const std::string text(100, 'x');
    return synchronize(
        [text](int& n) -> Task<> {
          co_await sleep(0);
          n = static_cast<int>(text.size());
        },
        non_strict)(target);
  };
  const auto wait = [](Deferred<void> deferred) -> Task<> { co_await std::move(deferred); };
  run_until_complete(wait(make()));
  CHECK(target == 100);
}

TEST_CASE("spawn_fiber_on_scope_error calls directly on a fiber and on a new one elsewhere") {
  TestLoop loop;
  int calls = 0;
  const auto count = spawn_fiber_on_scope_error([](int& n) {
    synchronize(add_slowly)(1, 2);
    return ++n;
  });
  const auto on_fiber = [&] { return std::move(count(calls)).get(); };
  CHECK(run_until_complete(spawn_fiber(on_fiber)) == 1);
  const auto in_loop = [&]() -> Task<int> { co_return co_await count(calls); };
  CHECK(run_until_complete(in_loop()) == 2);
  CHECK(calls == 2);
}
