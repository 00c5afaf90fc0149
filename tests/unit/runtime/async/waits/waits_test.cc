// Tests the waits of a coroutine and of a fiber, with the same tests on the real and the test loop.
#include <array>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

class SocketPair {
 public:
  SocketPair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds_.data()) == 0); }
  ~SocketPair() {
    ::close(fds_[0]);
    ::close(fds_[1]);
  }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;
  [[nodiscard]] int near() const { return fds_[0]; }
  void send() const { REQUIRE(::write(fds_[1], "x", 1) == 1); }

 private:
  std::array<int, 2> fds_{};
};

Task<FdEvents> readable(int fd) { co_return co_await wait_readable(fd); }
Task<> nap(double seconds) { co_await sleep(seconds); }

/// Records when it was called.
class NotingTimer final : public Timer {
 public:
  explicit NotingTimer(Loop& loop) : loop_(loop) {}
  std::optional<TimePoint> called;

 private:
  void on_timer() override { called = loop_.now(); }

  Loop& loop_;
};

/// Takes a turn in which the loop waits until a descriptor is readable: it is at once.
void wait_for_input(Loop& loop) {
  const SocketPair sockets;
  const auto handle = spawn(readable(sockets.near()));
  take_turns(loop);
  sockets.send();
  loop.run_once(true);
  REQUIRE(handle.is_done());
}

}  // namespace

TEMPLATE_TEST_CASE("a deadline is met that is earlier than what the loop waited for", "", EvLoop,
                   TestLoop) {
  TestType loop;
  NotingTimer late(loop);
  NotingTimer early(loop);
  const TimePoint begin = loop.now();
  late.start(loop, begin + 10min);
  wait_for_input(loop);
  early.start(loop, begin + 20ms);
  while (!early.called) loop.run_once(true);
  CHECK(*early.called >= begin + 20ms);
  CHECK(*early.called < begin + 5min);
  CHECK_FALSE(late.called);
}

TEMPLATE_TEST_CASE("a deadline that has moved to later is not met at its old time", "", EvLoop,
                   TestLoop) {
  TestType loop;
  NotingTimer timer(loop);
  const TimePoint begin = loop.now();
  timer.start(loop, begin + 10ms);
  wait_for_input(loop);
  timer.start(loop, begin + 30ms);
  while (!timer.called) loop.run_once(true);
  CHECK(*timer.called >= begin + 30ms);
}

TEMPLATE_TEST_CASE("sleep takes its time", "", EvLoop, TestLoop) {
  TestType loop;
  const TimePoint before = loop.now();
  run_until_complete(nap(0.02));
  CHECK(loop.now() - before >= 20ms);
}

TEMPLATE_TEST_CASE("sleep(0) gives one turn", "", EvLoop, TestLoop) {
  TestType loop;
  int turns = 0;
  auto handle = spawn([&]() -> Task<> {
    co_await sleep(0);
    ++turns;
    co_await sleep(0);
    ++turns;
  });
  loop.run_once(false);
  CHECK(turns == 0);
  loop.run_once(false);
  CHECK(turns == 1);
  loop.run_once(false);
  CHECK(turns == 2);
  CHECK(handle.is_done());
}

TEMPLATE_TEST_CASE("a coroutine waits until a descriptor is readable", "", EvLoop, TestLoop) {
  TestType loop;
  const SocketPair sockets;
  auto handle = spawn(readable(sockets.near()));
  take_turns(loop);
  CHECK(!handle.is_done());
  sockets.send();
  take_turns(loop);
  CHECK(handle.result() == FdEvents::kRead);
}

TEMPLATE_TEST_CASE("an idle socket is writable at once", "", EvLoop, TestLoop) {
  TestType loop;
  const SocketPair sockets;
  const auto wait = [&]() -> Task<FdEvents> {
    co_return co_await wait_for_fd(sockets.near(), FdEvents::kReadWrite);
  };
  CHECK(run_until_complete(wait()) == FdEvents::kWrite);
}

TEMPLATE_TEST_CASE("two coroutines wait for one descriptor", "", EvLoop, TestLoop) {
  TestType loop;
  const SocketPair sockets;
  sockets.send();
  run_until_complete(gather(readable(sockets.near()), readable(sockets.near())));
}

TEMPLATE_TEST_CASE("the first of two waits that are ready at once cancels the other", "", EvLoop,
                   TestLoop) {
  TestType loop;
  const SocketPair one;
  const SocketPair two;
  one.send();
  two.send();
  auto winner = run_until_complete(first_of(readable(one.near()), readable(two.near())));
  CHECK(std::visit([](FdEvents events) { return events; }, winner) == FdEvents::kRead);
}

TEMPLATE_TEST_CASE("a watch that ends another of the same turn keeps it from being called", "",
                   EvLoop, TestLoop) {
  TestType loop;
  const SocketPair one;
  const SocketPair two;
  one.send();
  two.send();
  struct Rival final : FdWatch {
    Rival* other = nullptr;
    int calls = 0;
    void on_ready(FdEvents) override {
      ++calls;
      stop();
      other->stop();
    }
  };
  Rival first;
  Rival second;
  first.other = &second;
  second.other = &first;
  first.start(loop, one.near(), FdEvents::kRead);
  second.start(loop, two.near(), FdEvents::kRead);
  take_turns(loop);
  CHECK(first.calls + second.calls == 1);
}

TEMPLATE_TEST_CASE("a fiber's wait for a descriptor is ready, times out or is cancelled", "",
                   EvLoop, TestLoop) {
  TestType loop;
  const SocketPair sockets;
  const auto wait = [&] {
    return wait_for_fd_on_fiber(sockets.near(), FdEvents::kRead, Duration(5ms));
  };
  CHECK(run_until_complete(spawn_fiber(wait)) == FdWaitResult::kTimeout);
  FdWaitResult seen = FdWaitResult::kReady;
  Fiber& fiber = Fiber::start(loop, [&] { seen = wait(); });
  fiber.cancel();
  CHECK(seen == FdWaitResult::kCancelled);
  sockets.send();
  CHECK(run_until_complete(spawn_fiber(wait)) == FdWaitResult::kReady);
}

TEMPLATE_TEST_CASE("a fiber waits for the first of two descriptors", "", EvLoop, TestLoop) {
  TestType loop;
  const SocketPair one;
  const SocketPair two;
  two.send();
  int ready = -1;
  const auto wait = [&] {
    return wait_for_two_fds_on_fiber(one.near(), two.near(), std::nullopt, ready);
  };
  CHECK(run_until_complete(spawn_fiber(wait)) == FdWaitResult::kReady);
  CHECK(ready == two.near());
}

TEMPLATE_TEST_CASE("wait_for cancels what takes too long", "", EvLoop, TestLoop) {
  TestType loop;
  const SocketPair sockets;
  CHECK_THROWS_AS(run_until_complete(wait_for(readable(sockets.near()), 0.005)), TimeoutError);
  CHECK(loop.timers().empty());
  sockets.send();
  CHECK(run_until_complete(wait_for(readable(sockets.near()), 1000)) == FdEvents::kRead);
  CHECK(loop.timers().empty());
}

TEMPLATE_TEST_CASE("a wait for a descriptor may have a timeout", "", EvLoop, TestLoop) {
  TestType loop;
  const SocketPair sockets;
  CHECK_THROWS_AS(run_until_complete(wait_for_fd(sockets.near(), FdEvents::kRead, 20ms)),
                  TimeoutError);
  sockets.send();
  CHECK(run_until_complete(wait_for_fd(sockets.near(), FdEvents::kRead, 60)) == FdEvents::kRead);
}

TEST_CASE("waits take seconds as a number or as a duration") {
  TestLoop loop;
  const auto waits = [&]() -> Task<Duration> {
    const TimePoint begin = loop.now();
    co_await sleep(1);
    co_await sleep(0.5);
    co_await sleep(1500ms);
    co_await sleep(Seconds(1min));
    co_await wait_for(nap(1), 2);
    co_await wait_for(nap(1), 2s);
    co_return loop.now() - begin;
  };
  CHECK(run_until_complete(waits()) == 65s);
}

TEST_CASE("a cancelled wait leaves no watch and no timer behind") {
  TestLoop loop;
  const SocketPair sockets;
  auto reader = spawn(readable(sockets.near()));
  auto sleeper = spawn(nap(1000));
  auto bounded = spawn(wait_for(readable(sockets.near()), 1000));
  auto on_fiber = spawn(spawn_fiber(
      [&] { return wait_for_fd_on_fiber(sockets.near(), FdEvents::kRead, Duration(1000s)); }));
  take_turns(loop);
  CHECK(loop.watch_count() == 3);
  CHECK(!loop.timers().empty());
  reader.cancel();
  sleeper.cancel();
  bounded.cancel();
  on_fiber.cancel();
  take_turns(loop);
  CHECK(loop.watch_count() == 0);
  CHECK(loop.timers().empty());
  CHECK(loop.fibers().in_use() == 0);
}

TEST_CASE("a sleep that is over, but cancelled before it goes on, does not") {
  TestLoop loop;
  bool went_on = false;
  auto handle = spawn([&]() -> Task<> {
    co_await sleep(0);
    went_on = true;
  });
  take_turns(loop, 1);
  // Cancels it from a callback that runs before it in the turn in which it would continue.
  handle.cancel();
  loop.call_soon([] {});
  CHECK(!went_on);
  take_turns(loop);
  CHECK(handle.is_done());
}

TEST_CASE("a watch that outlives its loop is stopped") {
  struct Silent final : FdWatch {
    void on_ready(FdEvents) override {}
  };
  const SocketPair sockets;
  Silent watch;
  {
    TestLoop loop;
    watch.start(loop, sockets.near(), FdEvents::kRead);
  }
  CHECK(!watch.is_active());
}

TEMPLATE_TEST_CASE("what a watch or a timer throws goes to the exception handler", "", EvLoop,
                   TestLoop) {
  struct ThrowingWatch final : FdWatch {
    void on_ready(FdEvents) override {
      stop();
      throw 1;
    }
  };
  struct ThrowingTimer final : Timer {
    void on_timer() override { throw 2; }
  };
  TestType loop;
  int reports = 0;
  loop.set_exception_handler([&](const std::exception_ptr&, std::string_view) { ++reports; });
  const SocketPair sockets;
  sockets.send();
  ThrowingWatch watch;
  ThrowingTimer timer;
  watch.start(loop, sockets.near(), FdEvents::kRead);
  timer.start(loop, loop.now());
  loop.call_soon([] { throw 3; });
  take_turns(loop);
  CHECK(reports == 3);
}
