#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/counted.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

Task<int> after(double seconds, int value) {
  co_await sleep(seconds);
  co_return value;
}
Task<int> at_once(int value) { co_return value; }
Task<int> fail_after(double seconds, std::string message) {
  co_await sleep(seconds);
  throw std::runtime_error(message);
}
Task<> hold(Counted, Event& event) { co_await event.wait(); }
Task<int> on(Event& event, int value) {
  co_await event.wait();
  co_return value;
}

}  // namespace

TEST_CASE("gather runs all at the same time and keeps their order") {
  TestLoop loop;
  const TimePoint before = loop.now();
  const auto [a, b, c] = run_until_complete(gather(after(3, 1), at_once(2), after(1, 3)));
  CHECK(a == 1);
  CHECK(b == 2);
  CHECK(c == 3);
  CHECK(loop.now() - before == 3s);
}

TEST_CASE("gather takes any number of tasks, also none, and ones without a value") {
  TestLoop loop;
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 100; ++i) tasks.push_back(after(100 - i, i));
  const auto values = run_until_complete(gather(std::move(tasks)));
  CHECK(values.size() == 100);
  CHECK(values[42] == 42);
  CHECK(run_until_complete(gather(std::vector<Task<int>>())).empty());
  const auto nothing = []() -> Task<> { co_return; };
  run_until_complete(gather(nothing(), nothing()));
}

TEST_CASE("gather throws the first exception at once and cancels the others") {
  TestLoop loop;
  Event event;
  int alive = 0;
  const TimePoint before = loop.now();
  CHECK_THROWS_WITH(run_until_complete(gather(fail_after(2, "later"), hold(Counted(alive), event),
                                              fail_after(1, "first"))),
                    "first");
  CHECK(loop.now() - before == 1s);
  CHECK(alive == 0);
  CHECK(loop.timers().empty());
}

TEST_CASE("of failures in one turn, gather throws the one that came first") {
  TestLoop loop;
  Event event;
  const auto fail = [](Event& start, const char* message) -> Task<> {
    co_await start.wait();
    throw std::runtime_error(message);
  };
  const auto late = [&]() -> Task<> {
    co_await sleep(0);
    co_await fail(event, "second");
  };
  auto handle = spawn(gather(late(), fail(event, "first")));
  take_turns(loop);
  event.set();
  take_turns(loop);
  CHECK_THROWS_WITH(handle.result(), "first");
}

TEST_CASE("a gather that is cancelled cancels all") {
  TestLoop loop;
  Event event;
  int alive = 0;
  auto handle = spawn(gather(hold(Counted(alive), event), hold(Counted(alive), event)));
  take_turns(loop);
  CHECK(alive > 0);
  SECTION("while waiting") { handle.cancel(); }
  SECTION("after being made ready") {
    event.set();
    loop.run_once(false);
    handle.cancel();
  }
  take_turns(loop);
  CHECK(alive == 0);
}

TEST_CASE("first_of gives the one that ends first and cancels the others") {
  TestLoop loop;
  Event event;
  int alive = 0;
  auto winner = run_until_complete(first_of(hold(Counted(alive), event), after(1, 5), after(2, 6)));
  CHECK(winner.index() == 1);
  CHECK(std::get<1>(winner) == 5);
  CHECK(alive == 0);
  CHECK(loop.timers().empty());
}

TEST_CASE("first_of with a child that is ready at once begins no more") {
  TestLoop loop;
  bool begun = false;
  const auto begin = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  CHECK(run_until_complete(first_of(after(1, 1), at_once(2), begin())).index() == 1);
  CHECK(!begun);
}

TEST_CASE("of children that end in one turn, the first to end wins, wherever it stands") {
  TestLoop loop;
  Event event;
  const auto late = [&]() -> Task<int> {
    co_await sleep(0);
    co_return co_await on(event, 1);
  };
  auto handle = spawn(first_of(late(), on(event, 2)));
  take_turns(loop);
  event.set();
  take_turns(loop);
  CHECK(handle.result().index() == 1);
}

TEST_CASE("first_of throws what its first child throws") {
  TestLoop loop;
  CHECK_THROWS_WITH(run_until_complete(first_of(after(2, 1), fail_after(1, "broken"))), "broken");
}

TEST_CASE("first_of takes any number of tasks, and says which ended first and with what") {
  TestLoop loop;
  const TimePoint before = loop.now();
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 100; ++i) tasks.push_back(after(i == 42 ? 1 : 2, i * 10));
  const auto [index, value] = run_until_complete(first_of(std::move(tasks)));
  CHECK(index == 42);
  CHECK(value == 420);
  CHECK(loop.now() - before == 1s);
  CHECK(loop.timers().empty());
}

TEST_CASE("first_of of many cancels those that lose, and begins none behind one that is ready") {
  TestLoop loop;
  Event event;
  int alive = 0;
  bool begun = false;
  const auto begin = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  const auto nothing = []() -> Task<> { co_return; };
  std::vector<Task<>> tasks;
  tasks.push_back(hold(Counted(alive), event));
  tasks.push_back(nothing());
  tasks.push_back(begin());
  CHECK(run_until_complete(first_of(std::move(tasks))).index == 1);
  CHECK(alive == 0);
  CHECK(!begun);
}

TEST_CASE("first_of of many throws what its first throws, later failures are not heard") {
  TestLoop loop;
  std::vector<Task<int>> tasks;
  tasks.push_back(after(3, 1));
  tasks.push_back(fail_after(2, "second"));
  tasks.push_back(fail_after(1, "first"));
  CHECK_THROWS_WITH(run_until_complete(first_of(std::move(tasks))), "first");
  CHECK(loop.timers().empty());
}

TEST_CASE("first_of of nothing is an error that says so, not a wait for ever") {
  TestLoop loop;
  CHECK_THROWS_AS(run_until_complete(first_of(std::vector<Task<int>>())), InvalidStateError);
  CHECK_THROWS_WITH(run_until_complete(first_of(std::vector<Task<int>>())),
                    Catch::Matchers::Contains("no task"));
}

TEST_CASE("a first_of of many that is cancelled cancels all") {
  TestLoop loop;
  Event event;
  int alive = 0;
  std::vector<Task<>> tasks;
  for (int i = 0; i < 3; ++i) tasks.push_back(hold(Counted(alive), event));
  auto handle = spawn(first_of(std::move(tasks)));
  take_turns(loop);
  CHECK(alive == 3);
  handle.cancel();
  take_turns(loop);
  CHECK(alive == 0);
}

TEST_CASE("wait_for gives the result in time, and leaves no timer") {
  TestLoop loop;
  CHECK(run_until_complete(wait_for(after(1, 4), 2s)) == 4);
  CHECK(run_until_complete(wait_for(at_once(4), 0)) == 4);
  CHECK_THROWS_AS(run_until_complete(wait_for(fail_after(1, "x"), 2)), std::runtime_error);
  CHECK(loop.timers().empty());
}

TEST_CASE("wait_for cancels its task when the time is over, and says how long that was") {
  TestLoop loop;
  Event event;
  int alive = 0;
  CHECK_THROWS_WITH(run_until_complete(wait_for(hold(Counted(alive), event), 1.5)),
                    Catch::Matchers::Contains("1.5"));
  CHECK(alive == 0);
}

TEST_CASE("a wait_for that is cancelled cancels its task") {
  TestLoop loop;
  Event event;
  int alive = 0;
  auto handle = spawn(wait_for(hold(Counted(alive), event), 100));
  take_turns(loop);
  handle.cancel();
  take_turns(loop);
  CHECK(alive == 0);
  CHECK(loop.timers().empty());
}
