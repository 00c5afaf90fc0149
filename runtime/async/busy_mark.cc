#include <chrono>

#include <aiopyr/runtime/async/busy_mark.h>

namespace aiopyr {

void BusyMark::await_begin(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  is_awaited_ = true;
  begun_.wait_for(lock, stop, std::chrono::seconds(1), [this] { return since().has_value(); });
  is_awaited_ = false;
}

void BusyMark::wake() noexcept {
  // Whoever waits holds the mutex until it sleeps.
  { const std::lock_guard guard(mutex_); }
  begun_.notify_all();
}

}  // namespace aiopyr
