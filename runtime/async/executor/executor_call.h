#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace aiopyr::detail {

/// Runs `job` in a thread of the loop's default executor while this fiber is parked, and throws its
/// exception. `job` may use objects on the fiber's stack: the fiber stays until a running job has
/// ended, even when it is cancelled. A cancelled fiber whose job still waits for a thread leaves at
/// once, and the job does not begin.
///
/// Throws ScopeError outside of a fiber, ExecutorFullError if the queue is at its limit, and
/// CancelledError if the fiber was cancelled.
void run_job_in_executor(std::function<void()> job);

/// Runs `f` in the same way and returns its result.
template <class F>
auto call_in_executor(F f) -> std::invoke_result_t<F&> {
  std::optional<std::invoke_result_t<F&>> result;
  run_job_in_executor([&] { result.emplace(f()); });
  return std::move(*result);
}

/// Returns whether the caller is on a fiber, which may be parked for a job.
[[nodiscard]] bool may_wait_for_thread() noexcept;

/// The size in bytes above which text is large, as is other data that takes as long to work on:
/// milliseconds, while a thread costs some 20 us.
inline constexpr std::size_t kLargeBytes = std::size_t{32} << 10U;

/// Returns f(). If `is_large`, f works on large data: on a fiber it then runs in a thread, as with
/// call_in_executor(). Otherwise, and in a coroutine or a thread of the executor, it runs here.
template <class F>
auto call_aside(bool is_large, F f) -> std::invoke_result_t<F&> {
  return is_large && may_wait_for_thread() ? call_in_executor(std::move(f)) : f();
}

}  // namespace aiopyr::detail
