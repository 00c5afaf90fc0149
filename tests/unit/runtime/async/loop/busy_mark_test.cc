#include <atomic>
#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/busy_mark.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow = TimePoint(5s);

}  // namespace

TEST_CASE("a mark says when the turn began, until it ends") {
  BusyMark mark;
  CHECK_FALSE(mark.since());
  mark.begin(kNow);
  mark.begin(kNow + 1s);
  CHECK(mark.since() == kNow);
  mark.end();
  CHECK_FALSE(mark.since());
}

TEST_CASE("who waits for a turn is woken by its beginning, though it ends at once") {
  BusyMark mark;
  std::atomic<bool> is_over = false;
  bool begun = false;
  std::jthread waiting([&] {
    begun = mark.await_begin({});
    is_over = true;
  });
  // Repeats, since the other thread may not have begun to wait.
  while (!is_over) {
    mark.begin(kNow);
    mark.end();
    std::this_thread::sleep_for(50ms);
  }
  waiting.join();
  CHECK(begun);
}

TEST_CASE("who waits again and again is woken each time") {
  BusyMark mark;
  std::atomic<int> waits = 0;
  const std::jthread watcher([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && waits < 100) {
      if (mark.await_begin(stop)) ++waits;
    }
  });
  while (waits < 100) {
    mark.begin(kNow);
    mark.end();
    std::this_thread::yield();
  }
  CHECK(waits == 100);
}

TEST_CASE("who waits while a turn is taken does not wait") {
  BusyMark mark;
  mark.begin(kNow);
  CHECK(mark.await_begin({}));
}

TEST_CASE("who waits in vain is told so") {
  BusyMark mark;
  CHECK_FALSE(mark.await_begin({}));
}

TEST_CASE("who is told to stop waits no longer") {
  BusyMark mark;
  std::atomic<bool> begins = false;
  Duration waited{};
  std::jthread watcher([&](const std::stop_token& stop) {
    begins = true;
    const auto since = Clock::now();
    while (!stop.stop_requested()) CHECK_FALSE(mark.await_begin(stop));
    waited = Clock::now() - since;
  });
  while (!begins) std::this_thread::yield();
  std::this_thread::sleep_for(10ms);
  watcher.request_stop();
  watcher.join();
  CHECK(waited < 1s);
}
