#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

class Recorder final : public Timer {
 public:
  Recorder(std::vector<int>& fired, int number) : fired_(fired), number_(number) {}
  std::function<void()> then;

 private:
  void on_timer() override {
    fired_.push_back(number_);
    if (then) then();
  }
  std::vector<int>& fired_;
  int number_;
};

}  // namespace

TEST_CASE("timers fire in the order of their deadlines, equal ones as they were started") {
  TestLoop loop;
  std::vector<int> fired;
  Recorder a(fired, 1), b(fired, 2), c(fired, 3), d(fired, 4);
  const TimePoint now = loop.now();
  a.start(loop, now + 30ms);
  b.start(loop, now + 10ms);
  c.start(loop, now + 20ms);
  d.start(loop, now + 10ms);
  loop.advance(30ms);
  loop.run_once(false);
  CHECK(fired == std::vector{2, 4, 3, 1});
  CHECK(loop.timers().empty());
}

TEST_CASE("a timer does not fire early, and starting again moves it") {
  TestLoop loop;
  std::vector<int> fired;
  Recorder timer(fired, 1);
  timer.start_after(loop, 10ms);
  loop.advance(9ms);
  take_turns(loop);
  CHECK(fired.empty());
  timer.start_after(loop, 10ms);
  loop.advance(9ms);
  take_turns(loop);
  CHECK(fired.empty());
  loop.advance(1ms);
  take_turns(loop);
  CHECK(fired.size() == 1);
}

TEST_CASE("a delay counts from the call, however long its turn has computed before") {
  TestLoop loop;
  std::vector<int> fired;
  Recorder timer(fired, 1);
  loop.call_soon([&] {
    loop.advance(5s);
    timer.start_after(loop, 10ms);
  });
  loop.run_once(false);
  loop.advance(9ms);
  take_turns(loop);
  CHECK(fired.empty());
  loop.advance(1ms);
  take_turns(loop);
  CHECK(fired.size() == 1);
}

TEST_CASE("many timers started and stopped at random fire in order") {
  TestLoop loop;
  std::vector<int> fired;
  std::vector<std::unique_ptr<Recorder>> timers;
  unsigned random = 1;
  for (int i = 0; i < 500; ++i) {
    random = random * 1664525U + 1013904223U;
    const int delay = static_cast<int>(random >> 16) % 100;
    timers.push_back(std::make_unique<Recorder>(fired, delay));
    timers.back()->start_after(loop, std::chrono::milliseconds(delay));
  }
  for (std::size_t i = 0; i < timers.size(); i += 3) timers[i].reset();
  loop.advance(1s);
  loop.run_once(false);
  CHECK(fired.size() == 333);
  CHECK(std::is_sorted(fired.begin(), fired.end()));
}

TEST_CASE("a timer that starts itself again at once waits for the next turn") {
  TestLoop loop;
  std::vector<int> fired;
  Recorder timer(fired, 1);
  timer.then = [&] { timer.start(loop, loop.now()); };
  timer.start(loop, loop.now());
  loop.run_once(false);
  CHECK(fired.size() == 1);
  loop.run_once(false);
  CHECK(fired.size() == 2);
}

TEST_CASE("a timer may stop and destroy others, and itself, when it fires") {
  TestLoop loop;
  std::vector<int> fired;
  auto other = std::make_unique<Recorder>(fired, 2);
  auto self = std::make_unique<Recorder>(fired, 1);
  self->then = [&] {
    other.reset();
    self.reset();
  };
  self->start(loop, loop.now());
  other->start(loop, loop.now());
  take_turns(loop);
  CHECK(fired == std::vector{1});
}

TEST_CASE("a timer that outlives its loop is stopped") {
  std::vector<int> fired;
  Recorder timer(fired, 1);
  {
    TestLoop loop;
    timer.start_after(loop, 1s);
  }
  CHECK(!timer.is_active());
}

TEST_CASE("delays that the clock cannot count are very long, not negative") {
  TestLoop loop;
  std::vector<int> fired;
  Recorder timer(fired, 1);
  timer.start_after(loop, Duration::max());
  take_turns(loop);
  CHECK(fired.empty());
  CHECK(timer.is_active());
}

TEST_CASE("seconds become ticks of the clock, whatever they are") {
  CHECK(to_duration(0.5) == 500ms);
  CHECK(to_duration(-1) == Duration::zero());
  CHECK(to_duration(std::nan("")) == Duration::zero());
  CHECK(to_duration(std::numeric_limits<double>::infinity()) > 24h * 365);
  CHECK(to_duration(1e300) > 24h * 365);
  CHECK(to_duration(1e-12) > Duration::zero());
}

TEST_CASE("the test loop's clock moves straight to the next deadline") {
  TestLoop loop;
  std::vector<int> fired;
  Recorder timer(fired, 1);
  timer.start_after(loop, 1h);
  const TimePoint before = loop.now();
  loop.run_once(true);
  CHECK(loop.now() - before == 1h);
  CHECK(fired.size() == 1);
}

TEST_CASE("the test loop says when nothing is left that could end a turn") {
  TestLoop loop;
  CHECK_THROWS_AS(loop.run_once(true), InvalidStateError);
}

TEST_CASE("a thread has one loop") {
  TestLoop loop;
  CHECK_THROWS_AS(TestLoop(), InvalidStateError);
  CHECK(Loop::current() == &loop);
}

TEST_CASE("what is made ready in a turn waits for the next, after the input") {
  TestLoop loop;
  int calls = 0;
  loop.call_soon([&] { loop.call_soon([&] { ++calls; }); });
  loop.run_once(false);
  CHECK(calls == 0);
  loop.run_once(false);
  CHECK(calls == 1);
}

TEST_CASE("what a callback holds is destroyed though the loop ends before its turn") {
  auto held = std::make_shared<int>(1);
  {
    TestLoop loop;
    loop.call_soon([held] {});
    CHECK(held.use_count() == 2);
  }
  CHECK(held.use_count() == 1);
}
