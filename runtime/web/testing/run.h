#pragma once

#include <optional>
#include <utility>

#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

/// Runs coroutines and framework code in a test: in the root context of the test's thread, on a
/// loop whose clock is simulated, so that an hour of sleep() takes no time. If the thread already
/// has a loop, as with a TestClient, that one is used.
namespace aiopyr::testing {

namespace detail {
/// Provides this thread's loop, or a TestLoop of its own.
class LoopForTest {
 public:
  LoopForTest() {
    if (Loop::current() == nullptr) own_.emplace();
  }

 private:
  std::optional<TestLoop> own_;
};
}  // namespace detail

/// Runs a task to its end; returns its result, or throws its exception.
///
///     auto rows = testing::run_until_complete(load_rows("cats"));
template <class T>
T run_until_complete(Task<T> task) {
  const detail::LoopForTest loop;
  return aiopyr::run_until_complete(std::move(task));
}

/// Runs `f()` on a fiber, as the framework runs tweens, predicates, policies and getitem(): it may
/// call synchronized functions. Returns its result, or throws its exception.
template <class F>
auto run_on_fiber(F f) {
  const detail::LoopForTest loop;
  return aiopyr::run_until_complete(spawn_fiber(std::move(f)));
}

}  // namespace aiopyr::testing
