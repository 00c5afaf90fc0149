#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace aiopyr {

/// Takes functions from other threads for a loop to call, and wakes it by an eventfd.
///
/// May outlive its loop; functions pushed after that are dropped, and destroyed by the thread that
/// pushes them.
class RemoteQueue {
 public:
  RemoteQueue();
  ~RemoteQueue();
  RemoteQueue(const RemoteQueue&) = delete;
  RemoteQueue& operator=(const RemoteQueue&) = delete;

  /// Adds `f`. Returns whether the loop still exists to call it. Any thread.
  bool push(std::function<void()> f);

  /// Removes and returns everything, and clears the wake-up. Loop thread only.
  std::vector<std::function<void()>> take();

  /// Accepts nothing from now on, and destroys what was waiting. Loop thread only.
  void close() noexcept;

  /// Returns a descriptor that is readable while something waits.
  [[nodiscard]] int wake_fd() const noexcept { return wake_fd_; }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
  bool closed_ = false;
  int wake_fd_;
};

}  // namespace aiopyr
