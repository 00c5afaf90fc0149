#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

Task<TaskContext*> context_here() {
  co_await sleep(1ms);
  TaskContext* const context = co_await task_context();
  co_return context;
}

Task<TaskContext*> context_below() {
  Task<TaskContext*> below = context_here();
  co_return co_await std::move(below);
}

void sleep_on_fiber_or_throw() {
  if (!sleep_on_fiber(3600s)) throw CancelledError();
}

/// Runs `task` with `context` to its end.
template <class T>
T run_with(TaskContext& context, Task<T> task) {
  task.set_context(&context);
  std::optional<T> result;
  const auto keep = [&](T value) { result = std::move(value); };
  Fiber::start(*Loop::current(), [&] {
    Fiber::current()->set_task_context(&context);
    keep(wait_on_fiber(std::move(task)));
  });
  while (!result) Loop::current()->run_once(true);
  return std::move(*result);
}

}  // namespace

TEST_CASE("a task has the context of the fiber that waits for it, and passes it on") {
  TestLoop loop;
  TaskContext context;
  CHECK(run_with(context, context_here()) == &context);
  CHECK(run_with(context, context_below()) == &context);
}

TEST_CASE("tasks that run at the same time have the context of the one that waits for them") {
  TestLoop loop;
  TaskContext context;
  const auto together = []() -> Task<std::vector<TaskContext*>> {
    auto both = gather(context_here(), context_below());
    const auto [first, second] = co_await std::move(both);
    auto limited = wait_for(context_here(), 1s);
    TaskContext* const third = co_await std::move(limited);
    std::vector<TaskContext*> all{first, second, third};
    co_return all;
  };
  CHECK(run_with(context, together()) == std::vector<TaskContext*>(3, &context));
}

TEST_CASE("a fiber that a task starts has the task's context") {
  TestLoop loop;
  TaskContext context;
  const auto on_fiber = []() -> Task<TaskContext*> {
    auto started = spawn_fiber([] { return synchronize(&context_here)(); });
    co_return co_await std::move(started);
  };
  CHECK(run_with(context, on_fiber()) == &context);
}

TEST_CASE("a fiber that was given up has no context any more, since it may outlive the request") {
  TestLoop loop;
  TaskContext context;
  Fiber* started = nullptr;
  TaskContext* seen = &context;
  auto task = spawn_fiber([&] {
    started = Fiber::current();
    try {
      sleep_on_fiber_or_throw();
    } catch (const CancelledError&) {
      seen = Fiber::current()->task_context();
      throw;
    }
  });
  task.set_context(&context);
  REQUIRE_FALSE(task.start([](void*) {}, nullptr));
  CHECK(started->task_context() == &context);
  task = {};
  CHECK(seen == nullptr);
}

TEST_CASE("a spawned task has no context, since it may outlive the request") {
  TestLoop loop;
  TaskContext context;
  const auto spawning = []() -> Task<TaskContext*> {
    auto handle = spawn(context_here());
    co_return co_await handle;
  };
  CHECK(run_with(context, spawning()) == nullptr);
  CHECK(run_until_complete(context_here()) == nullptr);
}

TEST_CASE("a fiber forgets the context of the body before") {
  TestLoop loop;
  TaskContext context;
  Fiber::start(loop, [&] { Fiber::current()->set_task_context(&context); });
  TaskContext* seen = &context;
  Fiber::start(loop, [&] { seen = Fiber::current()->task_context(); });
  CHECK(seen == nullptr);
}

TEST_CASE("the time of each client is added up, for a bounded number of clients") {
  TaskContext context;
  CHECK(context.client_times().empty());
  context.add_client_time("redis", 2ms);
  context.add_client_time("postgres", 5ms);
  context.add_client_time("redis", 1ms);
  REQUIRE(context.client_times().size() == 2);
  CHECK(context.client_times()[0].client == "redis");
  CHECK(context.client_times()[0].calls == 2);
  CHECK(context.client_times()[0].time == 3ms);
  CHECK(context.client_times()[1].time == 5ms);
  for (const auto* client : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    context.add_client_time(client, 1ms);
  }
  CHECK(context.client_times().size() == TaskContext::kMostClients);
  context.clear();
  CHECK(context.client_times().empty());
}
