// The snippets of docs/runtime.md, as they stand there.
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/lock.h>
#include <aiopyr/runtime/async/waits/queue.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;

namespace {

Task<int> look_up(int key) {
  co_await sleep(0.05);
  co_return key * 2;
}

int framework_code(int key) {
  static const auto look_up_now = synchronize(look_up);
  return look_up_now(key);  // the fiber is parked, the loop goes on
}

Task<int> application_code(int key) { co_return co_await spawn_fiber(framework_code, key); }

Deferred<int> from_anywhere(int key) { return synchronize(look_up, non_strict)(key); }

Task<std::string> read_report(std::string name) {
  auto read = [name] { return "report " + name; };
  co_return co_await run_in_executor(std::move(read));
}

Task<int> three_at_once() {
  auto [a, b] = co_await gather(look_up(1), look_up(2));
  auto first = co_await first_of(look_up(3), look_up(4));
  int c = co_await wait_for(look_up(5), 1.0);
  co_return a + b + c + static_cast<int>(first.index());
}

Task<std::size_t> fastest_of(std::vector<int> keys) {
  std::vector<Task<int>> tasks;
  for (const int key : keys) tasks.push_back(look_up(key));
  auto [index, value] = co_await first_of(std::move(tasks));
  co_return index;
}

Task<int> in_turn(Lock& lock, Queue<int>& queue) {
  auto guard = co_await lock.acquire();
  co_await queue.put(1);
  co_return co_await queue.get();
}

}  // namespace

TEST_CASE("the snippets of docs/runtime.md work") {
  TestLoop loop;
  CHECK(run_until_complete(application_code(4)) == 8);
  const auto deferred = []() -> Task<int> { co_return co_await from_anywhere(5); };
  CHECK(run_until_complete(deferred()) == 10);
  CHECK(run_until_complete(read_report("May")) == "report May");
  CHECK(run_until_complete(three_at_once()) == 16);
  CHECK(run_until_complete(fastest_of({3, 1, 2})) == 0);
  Lock lock;
  Queue<int> queue(1);
  CHECK(run_until_complete(in_turn(lock, queue)) == 1);
  auto handle = spawn([n = 3]() -> Task<int> { co_return co_await look_up(n); });
  handle.cancel();
  loop.run_once(false);
  CHECK(handle.is_cancelled());
}
