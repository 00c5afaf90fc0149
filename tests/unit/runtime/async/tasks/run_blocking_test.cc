#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/run_blocking.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

Task<int> add(int a, int b) {
  co_await sleep(1ms);
  co_return a + b;
}

}  // namespace

TEST_CASE("run_blocking runs a task on a loop of its own and returns its result") {
  CHECK(run_blocking(add(1, 2)) == 3);
  CHECK(Loop::current() == nullptr);
  CHECK(run_blocking(&add, 2, 3) == 5);
}

TEST_CASE("run_blocking keeps the captures of a lambda") {
  const std::string text(100, 'x');
  const auto later = [text]() -> Task<std::string> {
    co_await sleep(1ms);
    co_return text;
  };
  CHECK(run_blocking(later) == text);
}

TEST_CASE("run_blocking throws what the task throws, and leaves no loop behind") {
  const auto fail = []() -> Task<> {
    co_await sleep(1ms);
    throw std::runtime_error("no");
  };
  CHECK_THROWS_WITH(run_blocking(fail), "no");
  CHECK(Loop::current() == nullptr);
}

TEST_CASE("a task of run_blocking may use threads, and tasks that it leaves are cancelled") {
  const auto work = []() -> Task<int> {
    spawn([]() -> Task<> { co_await sleep(3600s); });
    auto job = run_in_executor([] { return 7; });
    co_return co_await std::move(job);
  };
  CHECK(run_blocking(work) == 7);
}

TEST_CASE("run_blocking refuses to block a loop") {
  TestLoop loop;
  CHECK_THROWS_AS(run_blocking(add(1, 2)), InvalidStateError);
}
