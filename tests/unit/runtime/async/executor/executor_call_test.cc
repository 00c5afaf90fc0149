#include <atomic>
#include <future>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/executor/executor_call.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using detail::call_in_executor;

namespace {

/// One thread, which is held until release(), with the means to see a fiber come back.
struct BusyExecutor {
  BusyExecutor() { loop.set_default_executor(std::make_shared<Executor>(Executor::Options{1, 1})); }

  /// Starts a fiber that makes the call and records how it ended.
  template <class F>
  Fiber& start(F job, std::string& outcome) {
    return Fiber::start(loop, [job, &outcome] {
      try {
        outcome = call_in_executor(job);
      } catch (const CancelledError&) {
        outcome = "cancelled";
      } catch (const ExecutorFullError&) {
        outcome = "full";
      }
    });
  }

  TestLoop loop;
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
};

}  // namespace

TEST_CASE("a job's result and its exception come back to the fiber") {
  TestLoop loop;
  CHECK(run_until_complete(spawn_fiber([] { return call_in_executor([] { return 12; }); })) == 12);
  const auto fails = [] { return call_in_executor([]() -> int { throw Error("no"); }); };
  CHECK_THROWS_WITH(run_until_complete(spawn_fiber(fails)), "no");
}

TEST_CASE("a job that runs is waited for even by a cancelled fiber, whose stack it may use") {
  BusyExecutor busy;
  std::string outcome = "waits";
  std::promise<void> running;
  auto begun = running.get_future();
  Fiber& fiber = busy.start(
      [&running, opened = busy.opened] {
        running.set_value();
        opened.wait();
        return std::string("done");
      },
      outcome);
  begun.wait();
  fiber.cancel();
  CHECK(outcome == "waits");
  busy.gate.set_value();
  while (outcome == "waits") busy.loop.run_once(true);
  CHECK(outcome == "cancelled");
}

TEST_CASE("a job that waits for a thread is not begun once its fiber is cancelled") {
  BusyExecutor busy;
  std::string first = "waits";
  std::string second = "waits";
  std::atomic<bool> begun = false;
  busy.start(
      [opened = busy.opened] {
        opened.wait();
        return std::string("done");
      },
      first);
  Fiber& fiber = busy.start(
      [&begun] {
        begun = true;
        return std::string("done");
      },
      second);
  fiber.cancel();
  CHECK(second == "cancelled");
  busy.gate.set_value();
  while (first == "waits") busy.loop.run_once(true);
  CHECK(first == "done");
  std::string third = "waits";
  busy.start([] { return std::string("third"); }, third);
  while (third == "waits") busy.loop.run_once(true);
  CHECK_FALSE(begun);
}

TEST_CASE("a full queue is told to the caller, who goes on") {
  BusyExecutor busy;
  const auto waits = [opened = busy.opened] {
    opened.wait();
    return std::string("done");
  };
  std::string outcomes[3] = {"waits", "waits", "waits"};
  for (std::string& outcome : outcomes) busy.start(waits, outcome);
  CHECK(outcomes[2] == "full");
  busy.gate.set_value();
  while (outcomes[0] == "waits" || outcomes[1] == "waits") busy.loop.run_once(true);
  CHECK(outcomes[1] == "done");
}

TEST_CASE("outside of a fiber there is nothing to park") {
  TestLoop loop;
  CHECK_THROWS_AS(call_in_executor([] { return 1; }), ScopeError);
}
