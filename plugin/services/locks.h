#pragma once

#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/executor/executor.h>

/// uWSGI's locks, each held by one thread of all processes at a time: number 0, and with `locks =
/// N` also 1 to N. If a process dies, its locks are released. Waiting for one blocks the thread;
/// for coroutines of one worker use aiopyr's Lock.
namespace aiopyr::uwsgi {

/// Holds a lock during its lifetime. In a thread that may block: an executor's, a mule's. It is
/// released in the thread that took it.
///
/// Throws ScopeError on the loop's thread, which would block (use locked()), and in the spooler;
/// KeyError for an unknown number; InvalidStateError if this thread already holds it.
class [[nodiscard]] LockGuard {
 public:
  explicit LockGuard(int number = 0);
  ~LockGuard();
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  int number_;
};

/// Returns a coroutine that runs f() in a thread of the executor which holds the lock. Cancelling
/// it drops the result; a thread that waits for the lock continues to wait.
template <class F>
auto locked(F f, int number = 0) {
  auto call = [f = std::move(f), number]() mutable -> std::invoke_result_t<F&> {
    const LockGuard guard(number);
    return f();
  };
  return run_in_executor(std::move(call));
}

/// Returns whether any thread holds the lock at the moment.
[[nodiscard]] bool is_locked(int number = 0);

}  // namespace aiopyr::uwsgi
