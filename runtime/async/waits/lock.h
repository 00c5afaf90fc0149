#pragma once

#include <aiopyr/runtime/async/waits/semaphore.h>

namespace aiopyr {

/// Mutual exclusion between coroutines, as asyncio.Lock: `auto guard = co_await lock.acquire();`.
/// Fair: the longest waiter is next. Loop thread only. Has to outlive its waiters and guards: as
/// for Semaphore, an assertion fails where it is destroyed while a coroutine waits.
class Lock {
 public:
  using Guard = Semaphore::Permit;

  /// Returns an awaitable that gives a guard, which holds the lock until it is destroyed. Continues
  /// in the root context. Destroying the waiting task cancels the wait.
  [[nodiscard]] Semaphore::Awaiter acquire() noexcept { return semaphore_.acquire(); }
  [[nodiscard]] bool is_locked() const noexcept { return semaphore_.is_locked(); }

 private:
  Semaphore semaphore_{1};
};

}  // namespace aiopyr
