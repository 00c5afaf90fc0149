#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/unit/support/counted.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;

namespace {

Task<int> ready(int value) { co_return value; }

[[gnu::noinline]] std::uintptr_t stack_pointer() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

// Does not use a local variable's address, which may lie in the coroutine's frame, on the heap.
Task<std::uintptr_t> stack_address() { co_return stack_pointer(); }

Task<> hold(Counted, Event& event, int& alive) {
  const Counted local(alive);
  co_await event.wait();
}

Task<> hold_nested(Counted, Event& event, int& alive) {
  const Counted local(alive);
  co_await hold(Counted(alive), event, alive);
}

}  // namespace

TEST_CASE("a task does not begin before it is awaited") {
  TestLoop loop;
  bool begun = false;
  const auto begin = [](bool& flag) -> Task<> {
    flag = true;
    co_return;
  };
  {
    auto task = begin(begun);
    CHECK(!begun);
  }
  CHECK(!begun);
  run_until_complete(begin(begun));
  CHECK(begun);
}

TEST_CASE("a task hands on values that can only be moved") {
  TestLoop loop;
  const auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
  CHECK(*run_until_complete(make()) == 7);
}

TEST_CASE("co_return takes a braced value") {
  TestLoop loop;
  const auto make = []() -> Task<std::pair<int, int>> { co_return {1, 2}; };
  CHECK(run_until_complete(make()) == std::pair{1, 2});
}

TEST_CASE("an exception passes through every task that awaits it") {
  TestLoop loop;
  const auto inner = []() -> Task<int> {
    co_await sleep(1);
    throw std::out_of_range("deep");
  };
  const auto outer = [](Task<int> task) -> Task<int> { co_return co_await std::move(task); };
  CHECK_THROWS_AS(run_until_complete(outer(outer(inner()))), std::out_of_range);
}

TEST_CASE("100,000 awaits that complete at once do not grow the stack") {
  TestLoop loop;
  const auto many = []() -> Task<std::uintptr_t> {
    std::uintptr_t lowest = co_await stack_address();
    std::uintptr_t highest = lowest;
    for (int i = 0; i < 100'000; ++i) {
      const std::uintptr_t here = co_await stack_address();
      lowest = std::min(lowest, here);
      highest = std::max(highest, here);
    }
    co_return highest - lowest;
  };
  CHECK(run_until_complete(many()) < 4096);
}

TEST_CASE("100,000 awaits that take a turn each do not grow the stack") {
  TestLoop loop;
  const auto turn = []() -> Task<std::uintptr_t> {
    co_await sleep(0);
    co_return co_await stack_address();
  };
  const auto many = [&]() -> Task<std::uintptr_t> {
    std::uintptr_t lowest = co_await turn();
    std::uintptr_t highest = lowest;
    for (int i = 0; i < 100'000; ++i) {
      const std::uintptr_t here = co_await turn();
      lowest = std::min(lowest, here);
      highest = std::max(highest, here);
    }
    co_return highest - lowest;
  };
  CHECK(run_until_complete(many()) < 4096);
}

TEST_CASE("a task destroyed while suspended destroys what it holds exactly once") {
  TestLoop loop;
  Event event;
  int alive = 0;
  {
    auto task = hold_nested(Counted(alive), event, alive);
    CHECK(alive == 1);
    bool ended = false;
    CHECK(!task.start([](void* flag) { *static_cast<bool*>(flag) = true; }, &ended));
    CHECK(alive >= 4);
  }
  CHECK(alive == 0);
  event.set();
  take_turns(loop);
}

TEST_CASE("a task that never began destroys its arguments exactly once") {
  TestLoop loop;
  Event event;
  int alive = 0;
  {
    auto task = hold(Counted(alive), event, alive);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

TEST_CASE("a task that ends destroys what it holds exactly once") {
  TestLoop loop;
  Event event;
  event.set();
  int alive = 0;
  run_until_complete(hold_nested(Counted(alive), event, alive));
  CHECK(alive == 0);
}

TEST_CASE("moving onto a suspended task cancels it") {
  TestLoop loop;
  Event event;
  int alive = 0;
  auto task = hold(Counted(alive), event, alive);
  CHECK(!task.start([](void*) {}, nullptr));
  task = hold(Counted(alive), event, alive);
  CHECK(alive == 1);
}

TEST_CASE("a task that is awaited when it has ended already is not run again") {
  TestLoop loop;
  const auto outer = [](Task<int> task) -> Task<int> { co_return co_await std::move(task); };
  auto task = ready(3);
  CHECK(task.start([](void*) {}, nullptr));
  CHECK(run_until_complete(outer(std::move(task))) == 3);
}
