#include <memory>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/unit/support/dying_child.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/lock.h>
#include <aiopyr/runtime/async/waits/queue.h>
#include <aiopyr/runtime/async/waits/semaphore.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;

TEST_CASE("an event wakes everybody, in the order of their coming") {
  TestLoop loop;
  Event event;
  std::string trace;
  const auto wait = [&](char name) -> Task<> {
    co_await event.wait();
    trace += name;
  };
  static_cast<void>(spawn(wait('a')));
  static_cast<void>(spawn(wait('b')));
  take_turns(loop);
  CHECK(trace.empty());
  event.set();
  event.clear();
  take_turns(loop);
  CHECK(trace == "ab");
}

TEST_CASE("an event that is set is waited for no longer") {
  TestLoop loop;
  Event event;
  event.set();
  run_until_complete([&]() -> Task<> { co_await event.wait(); }());
  CHECK(event.is_set());
}

TEST_CASE("a waiter of an event is cancelled while waiting, and when it is ready already") {
  TestLoop loop;
  Event event;
  int woken = 0;
  const auto wait = [&]() -> Task<> {
    co_await event.wait();
    ++woken;
  };
  {
    auto waiting = wait();
    CHECK(!waiting.start([](void*) {}, nullptr));
  }
  auto ready = std::make_unique<Task<>>(wait());
  CHECK(!ready->start([](void*) {}, nullptr));
  event.set();
  ready.reset();
  take_turns(loop);
  CHECK(woken == 0);
}

TEST_CASE("a lock lets one in at a time, first come first served") {
  TestLoop loop;
  Lock lock;
  std::string trace;
  const auto use = [&](char name) -> Task<> {
    auto guard = co_await lock.acquire();
    trace += name;
    co_await sleep(1);
    trace += name;
  };
  auto a = spawn(use('a'));
  auto b = spawn(use('b'));
  auto c = spawn(use('c'));
  const auto all = [&]() -> Task<> {
    co_await a;
    co_await b;
    co_await c;
  };
  run_until_complete(all());
  CHECK(trace == "aabbcc");
  CHECK(!lock.is_locked());
}

TEST_CASE("a permit granted to a waiter that is cancelled before it goes on is passed on") {
  TestLoop loop;
  Semaphore semaphore(1);
  std::string trace;
  const auto use = [&](char name) -> Task<> {
    auto permit = co_await semaphore.acquire();
    trace += name;
  };
  auto first = std::make_unique<Semaphore::Permit>();
  run_until_complete([&]() -> Task<> { *first = co_await semaphore.acquire(); }());
  auto a = std::make_unique<Task<>>(use('a'));
  auto b = std::make_unique<Task<>>(use('b'));
  CHECK(!a->start([](void*) {}, nullptr));
  CHECK(!b->start([](void*) {}, nullptr));
  SECTION("while waiting") {
    a.reset();
    first.reset();
  }
  SECTION("after being made ready") {
    first.reset();
    a.reset();
  }
  take_turns(loop);
  CHECK(trace == "b");
  b.reset();
  CHECK(semaphore.available() == 1);
}

TEST_CASE("a newcomer does not overtake one to whom the permit was handed") {
  TestLoop loop;
  Semaphore semaphore(1);
  std::string trace;
  const auto use = [&](char name) -> Task<> {
    auto permit = co_await semaphore.acquire();
    trace += name;
  };
  auto first = std::make_unique<Semaphore::Permit>();
  run_until_complete([&]() -> Task<> { *first = co_await semaphore.acquire(); }());
  auto a = use('a');
  CHECK(!a.start([](void*) {}, nullptr));
  first.reset();
  auto b = use('b');
  CHECK(!b.start([](void*) {}, nullptr));
  take_turns(loop);
  CHECK(trace == "ab");
}

TEST_CASE("a queue is first in first out, and put waits for room") {
  TestLoop loop;
  Queue<int> queue(2);
  std::string trace;
  auto producer = spawn([&]() -> Task<> {
    for (int i = 0; i < 4; ++i) {
      co_await queue.put(i);
      trace += 'p';
    }
  });
  take_turns(loop);
  CHECK(trace == "pp");
  CHECK(queue.size() == 2);
  const auto drain = [&]() -> Task<std::string> {
    std::string got;
    for (int i = 0; i < 4; ++i) got += std::to_string(co_await queue.get());
    co_return got;
  };
  CHECK(run_until_complete(drain()) == "0123");
  take_turns(loop);
  CHECK(producer.is_done());
  CHECK(queue.empty());
}

TEST_CASE("try_put and try_get do not wait") {
  TestLoop loop;
  Queue<std::unique_ptr<int>> queue(1);
  auto item = std::make_unique<int>(1);
  CHECK(queue.try_put(item));
  item = std::make_unique<int>(2);
  CHECK(!queue.try_put(item));
  CHECK(*item == 2);
  CHECK(**queue.try_get() == 1);
  CHECK(!queue.try_get());
}

TEST_CASE("a cancelled get loses no item") {
  TestLoop loop;
  Queue<int> queue(1);
  auto get = std::make_unique<Task<int>>(queue.get());
  CHECK(!get->start([](void*) {}, nullptr));
  SECTION("while waiting") {
    get.reset();
    int item = 7;
    CHECK(queue.try_put(item));
  }
  SECTION("after being made ready") {
    int item = 7;
    CHECK(queue.try_put(item));
    CHECK(!queue.try_get());
    get.reset();
  }
  CHECK(queue.try_get() == 7);
}

TEST_CASE("a cancelled put leaves its place to the next") {
  TestLoop loop;
  Queue<int> queue(1);
  int item = 1;
  CHECK(queue.try_put(item));
  auto put = std::make_unique<Task<>>(queue.put(2));
  CHECK(!put->start([](void*) {}, nullptr));
  SECTION("while waiting") {
    put.reset();
    CHECK(queue.try_get() == 1);
  }
  SECTION("after being made ready") {
    CHECK(queue.try_get() == 1);
    put.reset();
  }
  item = 3;
  CHECK(queue.try_put(item));
  CHECK(queue.try_get() == 3);
}

namespace {

/// Leaves a coroutine behind in this thread's loop that waits for the awaitable of `wait`.
template <class F>
void leave_waiter(F wait) {
  static_cast<void>(spawn(std::move(wait)));
  Loop::current()->run_once(false);
}

}  // namespace

TEST_CASE("what is destroyed while somebody waits for it says what to do") {
  TestLoop loop;
  const auto dies = [&](auto test) {
    CHECK_THAT(message_of_abort(test), Catch::Matchers::Contains("cancel their tasks first"));
  };
  SECTION("an event") {
    dies([] {
      Event event;
      leave_waiter([&]() -> Task<> { co_await event.wait(); });
    });
  }
  SECTION("a semaphore") {
    dies([] {
      Semaphore semaphore(0);
      leave_waiter([&]() -> Task<> { const auto permit = co_await semaphore.acquire(); });
    });
  }
  SECTION("a lock") {
    dies([] {
      auto lock = std::make_unique<Lock>();
      leave_waiter([&]() -> Task<> {
        const auto guard = co_await lock->acquire();
        co_await sleep(1);
      });
      leave_waiter([&]() -> Task<> { const auto guard = co_await lock->acquire(); });
      lock.reset();
    });
  }
  SECTION("a queue") {
    dies([] {
      Queue<int> queue(1);
      leave_waiter([&]() -> Task<> { static_cast<void>(co_await queue.get()); });
    });
  }
}

TEST_CASE("what nobody waits for any more may be destroyed") {
  TestLoop loop;
  auto event = std::make_unique<Event>();
  auto queue = std::make_unique<Queue<int>>(1);
  auto for_event = spawn([&]() -> Task<> { co_await event->wait(); });
  auto for_queue = spawn([&]() -> Task<int> { co_return co_await queue->get(); });
  take_turns(loop);
  for_event.cancel();
  for_queue.cancel();
  take_turns(loop);
  event.reset();
  queue.reset();
  CHECK(for_event.is_cancelled());
  CHECK(for_queue.is_cancelled());
}
