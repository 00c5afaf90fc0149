#pragma once

#include <aiopyr/runtime/async/waits/semaphore.h>

namespace aiopyr {

/// Mutual exclusion between coroutines, as asyncio.Lock: `auto guard = co_await lock.acquire();`.
/// Fair: whoever waits longest is next. Loop thread only. Has to outlive its waiters and guards, as
/// a Semaphore does: destroying it while somebody waits is asserted.
class Lock {
 public:
  using Guard = Semaphore::Permit;

  /// Awaitable: gives a guard that holds the lock until it is destroyed; goes on in the root
  /// context. Destroying the task that waits cancels the wait.
  [[nodiscard]] Semaphore::Awaiter acquire() noexcept { return semaphore_.acquire(); }
  [[nodiscard]] bool is_locked() const noexcept { return semaphore_.is_locked(); }

 private:
  Semaphore semaphore_{1};
};

}  // namespace aiopyr
