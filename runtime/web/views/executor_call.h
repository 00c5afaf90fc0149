#pragma once

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

}  // namespace aiopyr::detail
