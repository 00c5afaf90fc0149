#include <alloca.h>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include <catch2/catch.hpp>

#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kPage = 4096;

__attribute__((noinline)) void use_stack(std::size_t bytes) {
  auto* const deep = static_cast<volatile char*>(alloca(bytes));
  deep[0] = 1;
}

/// Returns the loop's high-water mark after a fiber has used that much stack; waits a second, since
/// stacks are measured no more often.
std::int64_t high_water_after(TestLoop& loop, std::size_t bytes) {
  loop.advance(1s);
  loop.run_once(false);
  Fiber::start(loop, [bytes] { use_stack(bytes); });
  return loop.counters().stack_high_water.value();
}

/// Holds jobs until they are released.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void await(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= waiting; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

}  // namespace

TEST_CASE("Fibers are counted while they have a body") {
  TestLoop loop;
  std::int64_t inside = 0;
  Fiber& parked = Fiber::start(loop, [] { static_cast<void>(Fiber::park_nothrow()); });
  Fiber::start(loop, [&] { inside = loop.counters().fibers.value(); });
  CHECK(inside == 2);
  CHECK(loop.counters().fibers.value() == 1);
  parked.unpark();
  loop.run_once(false);
  CHECK(loop.counters().fibers.value() == 0);
}

TEST_CASE("The high-water mark tells how deep a stack was used, and does not fall") {
  TestLoop loop;
  const auto idle = high_water_after(loop, 16);
  CHECK(idle > 0);
  CHECK(idle <= 24 * kPage);
  const auto deep = high_water_after(loop, 160 * 1024);
  CHECK(deep >= 160 * 1024);
  CHECK(deep <= 160 * 1024 + 24 * kPage);
  CHECK(high_water_after(loop, 16) == deep);
}

TEST_CASE("A deep use between two looks at a stack is seen by the second one") {
  TestLoop loop;
  static_cast<void>(high_water_after(loop, 16));
  Fiber::start(loop, [] { use_stack(128 * 1024); });
  CHECK(loop.counters().stack_high_water.value() < 128 * 1024);
  CHECK(high_water_after(loop, 16) >= 128 * 1024);
}

TEST_CASE("A turn is as long as what ran in it, without the wait before") {
  TestLoop loop;
  loop.call_soon([] {});
  loop.run_once(false);
  CHECK(loop.counters().turns.totals().buckets[0] == 1);
  loop.call_soon([&] { loop.advance(3s); });
  loop.run_once(false);
  CHECK(loop.counters().turns.totals().count() == 2);
  CHECK(loop.counters().turns.totals().sum == 3s);
  CHECK(loop.counters().longest_turn.value() == std::chrono::nanoseconds(3s).count());
}

TEST_CASE("What a loop waits for is no part of its turns") {
  EvLoop loop;
  struct Nothing final : Timer {
    void on_timer() override {}
  } timer;
  timer.start_after(loop, 100ms);
  const auto begun = loop.now();
  while (timer.is_active()) loop.run_once(true);
  CHECK(loop.counters().turns.totals().count() >= 1);
  CHECK(loop.counters().turns.totals().sum <= Clock::now() - begun - 100ms);
}

TEST_CASE("A loop counts where it is told to") {
  LoopCounters elsewhere;
  TestLoop loop;
  loop.set_counters(elsewhere);
  Fiber::start(loop, [&] { CHECK(elsewhere.fibers.value() == 1); });
  loop.call_soon([] {});
  loop.run_once(false);
  CHECK(elsewhere.turns.totals().count() == 1);
  CHECK(elsewhere.stack_high_water.value() > 0);
}

TEST_CASE("An executor counts jobs that wait, run and are refused") {
  Gate gate;
  ExecutorCounters counters;
  {
    Executor executor({.threads = 1, .queue_limit = 1, .counters = &counters});
    executor.submit([&] { gate.wait(); });
    gate.await(1);
    executor.submit([] {});
    CHECK(counters.running.value() == 1);
    CHECK(counters.queued.value() == 1);
    CHECK_THROWS_AS(executor.submit([] {}), ExecutorFullError);
    gate.open();
  }
  CHECK(counters.running.value() == 0);
  CHECK(counters.queued.value() == 0);
  CHECK(counters.jobs.value() == 2);
  CHECK(counters.refused.value() == 1);
}
