#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/async/loop/remote_queue.h>

namespace aiopyr {

RemoteQueue::RemoteQueue() : wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_fd_ < 0) {
    throw std::system_error(errno, std::generic_category(), "eventfd for a loop's wake-ups");
  }
}

RemoteQueue::~RemoteQueue() { ::close(wake_fd_); }

bool RemoteQueue::push(std::function<void()> f) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  waiting_.push_back(std::move(f));
  if (waiting_.size() > 1) return true;
  const std::uint64_t one = 1;
  // The write has room, since the counter was drained with the queue. A non-blocking eventfd never
  // fails with EINTR.
  return ::write(wake_fd_, &one, sizeof one) == sizeof one;
}

std::vector<std::function<void()>> RemoteQueue::take() {
  const std::lock_guard lock(mutex_);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto drained = ::read(wake_fd_, &count, sizeof count);
  return std::exchange(waiting_, {});
}

void RemoteQueue::close() noexcept {
  std::vector<std::function<void()>> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(waiting_);
}

}  // namespace aiopyr
