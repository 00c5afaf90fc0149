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

// Once for each wait: the turn may be over when the waiting thread gets to run.
void BusyMark::wake() noexcept {
  {
    // Whoever waits holds it until it sleeps.
    const std::lock_guard guard(mutex_);
    is_awaited_ = false;
  }
  begun_.notify_all();
}

}  // namespace aiopyr
