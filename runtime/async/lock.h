#pragma once

#include <aiopyr/runtime/async/semaphore.h>

namespace aiopyr {

/// Mutual exclusion between coroutines, as asyncio.Lock: `auto guard = co_await lock.acquire();`.
/// Fair: whoever waits longest is next. Loop thread only; must outlive its waiters.
class Lock {
 public:
  using Guard = Semaphore::Permit;

  /// Awaitable: a guard that holds the lock until it is destroyed.
  [[nodiscard]] Semaphore::Awaiter acquire() noexcept { return semaphore_.acquire(); }
  [[nodiscard]] bool is_locked() const noexcept { return semaphore_.is_locked(); }

 private:
  Semaphore semaphore_{1};
};

}  // namespace aiopyr
