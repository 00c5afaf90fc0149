#include <sys/socket.h>

#include <aiopyr/plugin/connection/client_wait.h>

namespace aiopyr::plugin {

void ClientWait::watch(int fd) {
  if (!watch_.is_active()) watch_.start(loop_, fd, FdEvents::kRead);
}

void ClientWait::set_low_water_mark(int fd, std::size_t bytes) noexcept {
  if (low_water_mark_ == bytes) return;
  low_water_mark_ = bytes;
  const auto mark = static_cast<int>(bytes);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark);
}

/// Moves the timer only if it would be late: most deadlines are extended before they are reached.
void ClientWait::limit(TimePoint deadline) {
  deadline_ = deadline;
  if (timer_.is_active() && fires_at_ <= deadline) return;
  timer_.start(loop_, deadline);
  fires_at_ = deadline;
}

}  // namespace aiopyr::plugin
