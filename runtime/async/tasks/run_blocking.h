#pragma once

#include <memory>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/kept_call.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

namespace detail {

/// Makes a loop for this thread. Throws InvalidStateError, which says what to do instead, where it
/// has one.
[[nodiscard]] std::unique_ptr<Loop> make_loop_to_block_on();

}  // namespace detail

/// Runs `task` to its end on a loop of its own, and returns its result or throws its exception, as
/// asyncio.run does: for mules, the spooler, threads and programs, which have no loop. Blocks this
/// thread. What the task has spawned and left is cancelled at the end.
///
/// Clients belong to a loop, so the task makes its own, and closes them:
///
///     run_blocking([url]() -> Task<> {
///       redis::Client cache(url);
///       co_await cache.set("key", "value");
///     });
///
/// Throws InvalidStateError on a thread with a loop: a coroutine awaits the task, framework code on
/// a fiber calls it through synchronize().
template <class T>
T run_blocking(Task<T> task) {
  const std::unique_ptr<Loop> loop = detail::make_loop_to_block_on();
  return run_until_complete(std::move(task));
}

/// Runs a coroutine function in the same way, lambdas with captures included: the function and its
/// arguments are kept as long as the task that it makes.
template <class F, class... Args>
requires detail::KeptCoroutine<F, Args...>
auto run_blocking(F f, Args... args) {
  return run_blocking(detail::keep_and_call(std::move(f), std::move(args)...));
}

}  // namespace aiopyr
