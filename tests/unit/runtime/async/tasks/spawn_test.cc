#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/counted.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;

namespace {

Task<int> give(int value) {
  co_await sleep(0);
  co_return value;
}

Task<> fail() {
  co_await sleep(0);
  throw std::runtime_error("nobody looks");
}

/// Collects what reached a loop's exception handler.
struct Reports {
  explicit Reports(Loop& loop) {
    loop.set_exception_handler([this](const std::exception_ptr& error, std::string_view) {
      seen.push_back(describe(error));
    });
  }
  std::vector<std::string> seen;
};

}  // namespace

TEST_CASE("a spawned task begins in the next turn and gives its result") {
  TestLoop loop;
  bool begun = false;
  auto handle = spawn([&]() -> Task<int> {
    begun = true;
    co_return 4;
  });
  CHECK(!begun);
  loop.run_once(false);
  CHECK(begun);
  CHECK(handle.is_done());
  CHECK(handle.result() == 4);
}

TEST_CASE("a result is not there early, and is given once") {
  TestLoop loop;
  auto handle = spawn(give(1));
  CHECK_THROWS_AS(handle.result(), InvalidStateError);
  take_turns(loop);
  CHECK(handle.result() == 1);
  CHECK_THROWS_AS(handle.result(), InvalidStateError);
}

TEST_CASE("an exception is a result too: given once, and not reported then") {
  TestLoop loop;
  Reports reports(loop);
  {
    auto handle = spawn(fail());
    take_turns(loop);
    CHECK_THROWS_AS(handle.result(), std::runtime_error);
    CHECK_THROWS_AS(handle.result(), InvalidStateError);
  }
  CHECK(reports.seen.empty());
}

TEST_CASE("a dropped handle leaves the task running") {
  TestLoop loop;
  bool ended = false;
  static_cast<void>(spawn([&]() -> Task<> {
    co_await sleep(0);
    ended = true;
  }));
  take_turns(loop);
  CHECK(ended);
}

TEST_CASE("an exception that nobody awaits reaches the handler exactly once") {
  TestLoop loop;
  Reports reports(loop);
  static_cast<void>(spawn(fail()));
  take_turns(loop);
  CHECK(reports.seen == std::vector<std::string>{"std::runtime_error: nobody looks"});
}

TEST_CASE("an exception waits for its handle to be dropped before it is reported") {
  TestLoop loop;
  Reports reports(loop);
  {
    auto handle = spawn(fail());
    take_turns(loop);
    CHECK(reports.seen.empty());
  }
  CHECK(reports.seen.size() == 1);
}

TEST_CASE("a handler that throws harms nobody") {
  TestLoop loop;
  loop.set_exception_handler([](const std::exception_ptr&, std::string_view) { throw 1; });
  static_cast<void>(spawn(fail()));
  take_turns(loop);
  CHECK(run_until_complete(give(2)) == 2);
}

TEST_CASE("cancel destroys the task in the next turn, exactly once") {
  TestLoop loop;
  Event event;
  int alive = 0;
  auto handle = spawn(
      [&](Counted) -> Task<> {
        const Counted local(alive);
        co_await event.wait();
      },
      Counted(alive));
  take_turns(loop);
  CHECK(alive > 0);
  handle.cancel();
  CHECK(!handle.is_done());
  handle.cancel();
  loop.run_once(false);
  CHECK(handle.is_cancelled());
  CHECK(alive == 0);
  CHECK_THROWS_AS(handle.result(), CancelledError);
  handle.cancel();
  take_turns(loop);
}

TEST_CASE("a task cancelled before its first turn never begins") {
  TestLoop loop;
  bool begun = false;
  auto handle = spawn([&]() -> Task<> {
    begun = true;
    co_return;
  });
  handle.cancel();
  take_turns(loop);
  CHECK(!begun);
  CHECK(handle.is_cancelled());
}

TEST_CASE("a task that ends before its cancellation comes has its result") {
  TestLoop loop;
  Event event;
  auto handle = spawn([&]() -> Task<int> {
    co_await event.wait();
    co_return 5;
  });
  take_turns(loop);
  event.set();
  handle.cancel();
  take_turns(loop);
  CHECK(!handle.is_cancelled());
  CHECK(handle.result() == 5);
}

TEST_CASE("a task may cancel itself through its handle") {
  TestLoop loop;
  TaskHandle<> handle;
  bool went_on = false;
  handle = spawn([&]() -> Task<> {
    handle.cancel();
    co_await sleep(0);
    co_await sleep(0);
    went_on = true;
  });
  take_turns(loop, 5);
  CHECK(handle.is_cancelled());
  CHECK(!went_on);
}

TEST_CASE("awaiting a handle gives value, exception or cancellation") {
  TestLoop loop;
  const auto wait = [](auto handle) -> Task<> { static_cast<void>(co_await handle); };
  const auto value = []() -> Task<int> { co_return co_await spawn(give(6)); };
  CHECK(run_until_complete(value()) == 6);
  const auto failure = []() -> Task<> { co_await spawn(fail()); };
  CHECK_THROWS_AS(run_until_complete(failure()), std::runtime_error);
  auto handle = spawn(give(1));
  handle.cancel();
  CHECK_THROWS_AS(run_until_complete(wait(handle)), CancelledError);
}

TEST_CASE("cancelling who awaits a handle leaves the task running") {
  TestLoop loop;
  Event event;
  auto worker = spawn([&]() -> Task<int> {
    co_await event.wait();
    co_return 9;
  });
  auto waiter = spawn([&]() -> Task<int> { co_return co_await worker; });
  take_turns(loop);
  waiter.cancel();
  take_turns(loop);
  event.set();
  take_turns(loop);
  CHECK(waiter.is_cancelled());
  CHECK(worker.result() == 9);
}

TEST_CASE("a task that ends with the cancellation of another counts as cancelled, unreported") {
  TestLoop loop;
  Reports reports(loop);
  auto inner = spawn(give(1));
  auto outer = spawn([&]() -> Task<int> { co_return co_await inner; });
  inner.cancel();
  take_turns(loop, 5);
  CHECK(outer.is_cancelled());
  CHECK_THROWS_AS(outer.result(), CancelledError);
  outer = {};
  CHECK(reports.seen.empty());
}

TEST_CASE("spawn keeps a lambda's captures and moves its arguments") {
  TestLoop loop;
  const auto start = [] {
    auto text = std::make_shared<std::string>("kept");
    return spawn(
        [text](std::unique_ptr<int> n) -> Task<std::string> {
          co_await sleep(0);
          co_return *text + std::to_string(*n);
        },
        std::make_unique<int>(3));
  };
  auto handle = start();
  take_turns(loop);
  CHECK(handle.result() == "kept3");
}

TEST_CASE("a handle may outlive its loop, whose end cancelled the task") {
  int alive = 0;
  TaskHandle<> handle;
  {
    TestLoop loop;
    handle = spawn([](Counted) -> Task<> { co_await sleep(1000); }, Counted(alive));
    take_turns(loop);
    CHECK(alive > 0);
  }
  CHECK(alive == 0);
  CHECK(handle.is_cancelled());
  handle.cancel();
}

TEST_CASE("run_until_complete is refused within the loop") {
  TestLoop loop;
  const auto nested = []() -> Task<int> { co_return run_until_complete(give(1)); };
  CHECK_THROWS_AS(run_until_complete(nested()), InvalidStateError);
  CHECK(run_until_complete(give(2)) == 2);
}

TEST_CASE("a task that can never end is cancelled when the test loop says so") {
  TestLoop loop;
  Event event;
  int alive = 0;
  const auto stuck = [](Counted, Event& never) -> Task<> { co_await never.wait(); };
  CHECK_THROWS_AS(run_until_complete(stuck(Counted(alive), event)), InvalidStateError);
  CHECK(alive == 0);
}

TEST_CASE("a handle without a task cancels nothing, and says so to whoever asks it") {
  TestLoop loop;
  TaskHandle<int> none;
  CHECK_FALSE(none);
  none.cancel();
  CHECK_THROWS_AS(none.is_done(), InvalidStateError);
  CHECK_THROWS_AS(none.is_cancelled(), InvalidStateError);
  CHECK_THROWS_WITH(none.result(), Catch::Matchers::Contains("assign what spawn() returns"));
  const auto wait = [&]() -> Task<int> { co_return co_await none; };
  CHECK_THROWS_AS(run_until_complete(wait()), InvalidStateError);

  TaskHandle<int> moved = spawn(give(1));
  const TaskHandle<int> handle = std::move(moved);
  CHECK(handle);
  CHECK_THROWS_AS(moved.result(), InvalidStateError);  // NOLINT(bugprone-use-after-move)
}
