#include <chrono>

#include <aiopyr/runtime/async/loop/busy_mark.h>

namespace aiopyr {

bool BusyMark::await_begin(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  is_awaited_ = true;
  const bool begun = begun_.wait_for(lock, stop, std::chrono::seconds(1),
                                     [this] { return !is_awaited_ || since().has_value(); });
  is_awaited_ = false;
  return begun;
}

// Wakes the waiting thread once for each wait: the turn may be over before that thread runs.
void BusyMark::wake() noexcept {
  {
    // The waiting thread holds the mutex until it sleeps.
    const std::lock_guard guard(mutex_);
    is_awaited_ = false;
  }
  begun_.notify_all();
}

}  // namespace aiopyr
