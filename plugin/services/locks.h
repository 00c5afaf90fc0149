#pragma once

#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/executor/executor.h>

/// uWSGI's locks, held by one thread of all processes at a time: number 0, and with `locks = N`
/// also 1 to N. Where a process dies, its locks are free. To wait for one blocks the thread; for
/// what one worker does alone there is aiopyr's Lock.
namespace aiopyr::uwsgi {

/// Holds a lock as long as it lives. In a thread that may block: an executor's, a mule's. It is let
/// go in the thread that took it.
///
/// Throws ScopeError on the loop's thread, where everybody would wait (use locked()), and in the
/// spooler; KeyError for a number that there is not; InvalidStateError where this thread holds it
/// already.
class [[nodiscard]] LockGuard {
 public:
  explicit LockGuard(int number = 0);
  ~LockGuard();
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  int number_;
};

/// A coroutine that runs f() in a thread of the executor, while that holds the lock. Cancelling it
/// drops the result; a thread that waits for the lock goes on waiting.
template <class F>
auto locked(F f, int number = 0) {
  auto call = [f = std::move(f), number]() mutable -> std::invoke_result_t<F&> {
    const LockGuard guard(number);
    return f();
  };
  return run_in_executor(std::move(call));
}

/// Whether somebody holds the lock just now.
[[nodiscard]] bool is_locked(int number = 0);

}  // namespace aiopyr::uwsgi
