#pragma once

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace aiopyr::detail {

/// Runs `job` in a thread of the loop's default executor while this fiber is parked, and throws
/// what it throws. `job` may use what lives on the fiber's stack: the fiber stays until a job that
/// runs has ended, even when it is cancelled. A cancelled fiber whose job still waits for a thread
/// leaves at once, and the job is not begun.
///
/// Throws ScopeError outside of a fiber, ExecutorFullError where the queue is at its limit, and
/// CancelledError where the fiber was cancelled.
void run_job_in_executor(std::function<void()> job);

/// The same with a result.
template <class F>
auto call_in_executor(F f) -> std::invoke_result_t<F&> {
  std::optional<std::invoke_result_t<F&>> result;
  run_job_in_executor([&] { result.emplace(f()); });
  return std::move(*result);
}

}  // namespace aiopyr::detail
