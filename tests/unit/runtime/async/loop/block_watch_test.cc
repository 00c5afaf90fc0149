#include <array>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/block_watch.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

std::atomic<int> block_reports{0};

/// Blocks the loop until it has been reported so often.
__attribute__((noinline)) void block_until_reported(int times) {
  while (block_reports < times) std::this_thread::yield();
}

/// Collects the reports of a watch.
struct Watched {
  std::vector<std::string> places;
  std::vector<Duration> times;
  std::atomic<int> releases{0};

  BlockWatch::Handlers handlers() {
    const auto note = [this](Duration blocked, const Backtrace& where) {
      times.push_back(blocked);
      for (const void* frame : where.frames()) places.push_back(to_string(code_place(frame)));
      ++block_reports;
    };
    return {note, [this] { ++releases; }};
  }

  Watched() { block_reports = 0; }
  [[nodiscard]] bool names(const std::string& function) const {
    for (const std::string& place : places) {
      if (place.find(function) != std::string::npos) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("a callback that blocks the loop is named while it does") {
  EvLoop loop;
  Watched watched;
  {
    // Ends its thread, which may report once more on a busy machine, before the reports are read.
    const BlockWatch watch(loop, 5ms, watched.handlers());
    loop.call_soon([] { block_until_reported(1); });
    loop.run_once(false);
    while (watched.releases == 0) std::this_thread::yield();
  }
  REQUIRE_FALSE(watched.times.empty());
  CHECK(watched.times[0] >= 5ms);
  // There is no second report, unless a busy machine has blocked the loop ten times as long.
  CHECK((watched.times.size() == 1 || watched.times[1] >= 50ms));
  CHECK(watched.names("block_until_reported"));
}

TEST_CASE("a fiber that blocks the loop is named, and told on again after ten times as long") {
  EvLoop loop;
  Watched watched;
  {
    const BlockWatch watch(loop, 5ms, watched.handlers());
    loop.call_soon([&] { Fiber::start(loop, [] { block_until_reported(2); }); });
    loop.run_once(false);
  }
  REQUIRE(watched.times.size() >= 2);
  CHECK(watched.times[1] >= 50ms);
  CHECK(watched.names("block_until_reported"));
}

namespace {
std::atomic<pthread_t> noting_thread{};
void note_thread() noexcept { noting_thread = ::pthread_self(); }
}  // namespace

TEST_CASE("what only the loop's thread knows is noted on it, before the report") {
  EvLoop loop;
  Watched watched;
  auto handlers = watched.handlers();
  bool was_noted = false;
  handlers.on_blocked = [&, report = handlers.on_blocked](Duration blocked,
                                                          const Backtrace& where) {
    was_noted = noting_thread != pthread_t{};
    report(blocked, where);
  };
  handlers.note = note_thread;
  noting_thread = pthread_t{};
  {
    const BlockWatch watch(loop, 5ms, handlers);
    loop.call_soon([] { block_until_reported(1); });
    loop.run_once(false);
  }
  CHECK(was_noted);
  CHECK(noting_thread == ::pthread_self());
}

TEST_CASE("the watch's thread has the standard descriptors and no others") {
  EvLoop loop;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_NONBLOCK) == 0);
  std::atomic<bool> has_errors = false;
  std::atomic<bool> has_pipe = true;
  std::atomic<bool> reported = false;
  BlockWatch watch(loop, 5ms, {[&](Duration, const Backtrace&) {
                     has_errors = ::fcntl(STDERR_FILENO, F_GETFD) >= 0;
                     has_pipe = ::fcntl(pipe[0], F_GETFD) >= 0;
                     reported = true;
                   }});
  loop.call_soon([&] {
    while (!reported) std::this_thread::yield();
  });
  loop.run_once(false);
  CHECK(has_errors);
  CHECK_FALSE(has_pipe);
  for (const int fd : pipe) ::close(fd);
}

TEST_CASE("a loop that waits for input is not blocked") {
  EvLoop loop;
  CHECK_FALSE(loop.busy_since());
  loop.call_soon([&] { CHECK(loop.busy_since() == loop.now()); });
  loop.run_once(false);
  CHECK_FALSE(loop.busy_since());
}

TEST_CASE("a process has one watch at a time") {
  EvLoop loop;
  {
    BlockWatch watch(loop, 1s, {});
    CHECK_THROWS_AS(BlockWatch(loop, 1s, {}), InvalidStateError);
  }
  CHECK_NOTHROW(BlockWatch(loop, 1s, {}));
}
