#include <atomic>
#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/busy_mark.h>

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

TEST_CASE("who waits for a turn is woken by its beginning") {
  BusyMark mark;
  std::atomic<int> seen = 0;
  const std::jthread watcher([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && seen < 100) {
      mark.await_begin(stop);
      if (mark.since()) ++seen;
    }
  });
  const auto begun = Clock::now();
  while (seen < 100) {
    mark.begin(kNow);
    std::this_thread::yield();
    mark.end();
  }
  // Each wait alone ends by itself after a second.
  CHECK(Clock::now() - begun < 50s);
}

TEST_CASE("who waits while a turn is taken does not wait") {
  BusyMark mark;
  mark.begin(kNow);
  mark.await_begin({});
  CHECK(mark.since() == kNow);
}

TEST_CASE("who is told to stop waits no longer") {
  BusyMark mark;
  std::jthread watcher([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) mark.await_begin(stop);
  });
  watcher.request_stop();
  watcher.join();
  SUCCEED();
}
