#include <csignal>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/failing_allocations.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;

namespace {

/// Records the thread in which it is destroyed.
class DestroyedIn {
 public:
  explicit DestroyedIn(std::thread::id& where) : where_(&where) {}
  DestroyedIn(DestroyedIn&& other) noexcept : where_(std::exchange(other.where_, nullptr)) {}
  DestroyedIn& operator=(DestroyedIn&&) = delete;
  ~DestroyedIn() {
    if (where_ != nullptr) *where_ = std::this_thread::get_id();
  }

 private:
  std::thread::id* where_;
};

}  // namespace

TEST_CASE("run_in_executor runs in another thread and gives the result") {
  TestLoop loop;
  const auto thread =
      run_until_complete(run_in_executor([] { return std::this_thread::get_id(); }));
  CHECK(thread != std::this_thread::get_id());
  CHECK(run_until_complete(run_in_executor([](int a, int b) { return a + b; }, 1, 2)) == 3);
  run_until_complete(run_in_executor([] {}));
}

TEST_CASE("an executor's job takes and gives what can only be moved") {
  TestLoop loop;
  const auto pass = [](std::unique_ptr<int> n) { return n; };
  CHECK(*run_until_complete(run_in_executor(pass, std::make_unique<int>(5))) == 5);
}

TEST_CASE("an exception of an executor's job reaches who awaits it") {
  TestLoop loop;
  const auto fail = [] { throw std::domain_error("in the thread"); };
  CHECK_THROWS_AS(run_until_complete(run_in_executor(fail)), std::domain_error);
  CHECK(run_until_complete(run_in_executor([] { return 1; })) == 1);
}

TEST_CASE("a full executor refuses with an error that says what to do, and recovers") {
  TestLoop loop;
  auto pool = std::make_shared<Executor>(Executor::Options{.threads = 1, .queue_limit = 1});
  std::promise<void> release;
  auto released = release.get_future().share();
  auto running = spawn(run_in_executor(pool, [released] { released.wait(); }));
  auto queued = spawn(run_in_executor(pool, [] {}));
  take_turns(loop, 1);
  CHECK_THROWS_AS(run_until_complete(run_in_executor(pool, [] {})), ExecutorFullError);
  CHECK_THROWS_WITH(run_until_complete(run_in_executor(pool, [] {})),
                    Catch::Matchers::Contains("aiopyr-executor-threads"));
  release.set_value();
  const auto both = [&]() -> Task<> {
    co_await running;
    co_await queued;
  };
  run_until_complete(both());
  CHECK(run_until_complete(run_in_executor(pool, [] { return 2; })) == 2);
}

TEST_CASE("the place of a job is free when its result is there") {
  EvLoop loop;
  auto pool = std::make_shared<Executor>(Executor::Options{.threads = 1, .queue_limit = 0});
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(run_until_complete(run_in_executor(pool, [i] { return i; })) == i);
  }
}

TEST_CASE("executor threads have every signal blocked") {
  TestLoop loop;
  const auto unblocked = [] {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    std::vector<int> open;
    for (int signal = 1; signal < 32; ++signal) {
      if (signal != SIGKILL && signal != SIGSTOP && sigismember(&mask, signal) == 0) {
        open.push_back(signal);
      }
    }
    return open;
  };
  CHECK(run_until_complete(run_in_executor(unblocked)).empty());
  sigset_t ours;
  pthread_sigmask(SIG_BLOCK, nullptr, &ours);
  CHECK(sigismember(&ours, SIGTERM) == 0);
}

TEST_CASE("what a job holds is destroyed on the loop's thread, result or exception") {
  TestLoop loop;
  std::thread::id value;
  std::thread::id error;
  run_until_complete(run_in_executor([held = DestroyedIn(value)] {}));
  CHECK(value == std::this_thread::get_id());
  CHECK_THROWS_AS(run_until_complete(run_in_executor([held = DestroyedIn(error)] { throw 1; })),
                  int);
  CHECK(error == std::this_thread::get_id());
}

TEST_CASE("a job whose waiter was cancelled ends by itself, on the loop's thread") {
  TestLoop loop;
  std::thread::id where;
  std::promise<void> release;
  auto released = release.get_future().share();
  auto handle = spawn(run_in_executor([released, held = DestroyedIn(where)] { released.wait(); }));
  take_turns(loop, 1);
  handle.cancel();
  take_turns(loop, 1);
  CHECK(handle.is_cancelled());
  CHECK(where == std::thread::id());
  release.set_value();
  while (where == std::thread::id()) loop.run_once(true);
  CHECK(where == std::this_thread::get_id());
}

TEST_CASE("a job that waits for a thread is not begun once its waiter is cancelled") {
  TestLoop loop;
  auto pool = std::make_shared<Executor>(Executor::Options{.threads = 1});
  std::promise<void> release;
  auto released = release.get_future().share();
  bool begun = false;
  auto first = spawn(run_in_executor(pool, [released] { released.wait(); }));
  auto second = spawn(run_in_executor(pool, [&] { begun = true; }));
  take_turns(loop, 1);
  second.cancel();
  take_turns(loop, 1);
  release.set_value();
  run_until_complete(run_in_executor(pool, [] {}));
  CHECK(!begun);
}

TEST_CASE("wait_for gives up on a job that blocks") {
  std::promise<void> release;
  auto released = release.get_future().share();
  EvLoop loop;
  CHECK_THROWS_AS(
      run_until_complete(wait_for(run_in_executor([released] { released.wait(); }), 0.01)),
      TimeoutError);
  release.set_value();
}

TEST_CASE("a pool of one's own outlives the loop together with its jobs") {
  auto pool = std::make_shared<Executor>(Executor::Options{.threads = 1});
  std::promise<void> release;
  auto released = release.get_future().share();
  {
    TestLoop loop;
    static_cast<void>(spawn(run_in_executor(pool, [released] { released.wait(); })));
    take_turns(loop, 1);
  }
  release.set_value();
}

TEST_CASE("a loop waits for the jobs of its default executor") {
  bool ended = false;
  {
    TestLoop loop;
    static_cast<void>(spawn(run_in_executor([&] { ended = true; })));
    take_turns(loop, 1);
    loop.default_executor().submit([&] { ended = true; });
  }
  CHECK(ended);
}

TEST_CASE("use_executor makes a coroutine function, in the default or in a given pool") {
  TestLoop loop;
  auto pool = std::make_shared<Executor>(Executor::Options{.threads = 1});
  const auto twice = use_executor([](int n) { return 2 * n; });
  const auto pool_thread = use_executor([] { return std::this_thread::get_id(); }, pool);
  CHECK(run_until_complete(twice(4)) == 8);
  const auto first = run_until_complete(pool_thread());
  CHECK(first == run_until_complete(pool_thread()));
  loop.set_default_executor(pool);
  CHECK(first == run_until_complete(run_in_executor([] { return std::this_thread::get_id(); })));
}

TEST_CASE("an executor needs a thread") {
  CHECK_THROWS_AS(Executor(Executor::Options{.threads = 0}), ConfigurationError);
}

TEST_CASE("call_soon_threadsafe from several threads loses nothing and wakes the loop") {
  EvLoop loop;
  constexpr int kThreads = 4;
  constexpr int kCalls = 1000;
  int calls = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kCalls; ++i) {
        loop.call_soon_threadsafe([&] {
          if (++calls == kThreads * kCalls) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (auto& thread : threads) thread.join();
  CHECK(calls == kThreads * kCalls);
}

TEST_CASE("a loop without memory calls what other threads have pushed all the same") {
  EvLoop loop;
  int calls = 0;
  loop.run_once(false);  // what is made once stays
  loop.call_soon_threadsafe([&] { ++calls; });
  loop.call_soon_threadsafe([&] { ++calls; });
  {
    const testing::FailingAllocations failing(0);
    loop.run_once(true);
  }
  CHECK(calls == 2);
}

TEST_CASE("a call that throws keeps none of those from being made that were pushed behind it") {
  TestLoop loop;
  int reported = 0;
  bool called = false;
  loop.set_exception_handler([&](const std::exception_ptr&, std::string_view) { ++reported; });
  loop.call_soon_threadsafe([] { throw std::runtime_error("no"); });
  loop.call_soon_threadsafe([&] { called = true; });
  loop.run_once(false);
  CHECK(reported == 1);
  CHECK(called);
}

TEST_CASE("what is pushed to a loop that is gone is dropped") {
  std::shared_ptr<RemoteQueue> remote;
  bool called = false;
  {
    TestLoop loop;
    remote = loop.remote();
    CHECK(remote->push([&] { called = true; }));
  }
  CHECK(!remote->push([&] { called = true; }));
  CHECK(!called);
}
