#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace aiopyr {

/// Takes functions from other threads for a loop to call, and wakes it by an eventfd.
///
/// May outlive its loop; what is pushed after that is dropped, and destroyed by the thread that
/// pushes it.
class RemoteQueue {
 public:
  RemoteQueue();
  ~RemoteQueue();
  RemoteQueue(const RemoteQueue&) = delete;
  RemoteQueue& operator=(const RemoteQueue&) = delete;

  /// Adds `f`. Returns whether the loop is still there to call it. Any thread.
  bool push(std::function<void()> f);

  /// Loop thread: takes everything out and clears the wake-up.
  std::vector<std::function<void()>> take();

  /// Loop thread: from now on nothing is accepted; what was waiting is destroyed.
  void close() noexcept;

  /// Readable while something waits.
  [[nodiscard]] int wake_fd() const noexcept { return wake_fd_; }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
  bool closed_ = false;
  int wake_fd_;
};

}  // namespace aiopyr
