#include <algorithm>
#include <cerrno>
#include <poll.h>

#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace {

FdEvents ready_events(const pollfd& entry) {
  FdEvents ready = FdEvents::kNone;
  const bool broken = (entry.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  if ((entry.revents & POLLIN) != 0 || (broken && (entry.events & POLLIN) != 0)) {
    ready = ready | FdEvents::kRead;
  }
  if ((entry.revents & POLLOUT) != 0 || (broken && (entry.events & POLLOUT) != 0)) {
    ready = ready | FdEvents::kWrite;
  }
  return ready;
}

}  // namespace

TestLoop::TestLoop() { open(); }

TestLoop::~TestLoop() { close(); }

void TestLoop::remove_watch(FdWatch& watch) noexcept { std::erase(watches_, &watch); }

void TestLoop::poll(std::optional<TimePoint> until) {
  const bool may_wait = !until || *until > time_;
  if (poll_watches(may_wait && expected_remote() > 0)) return;
  if (!until) throw InvalidStateError("the test loop has nothing left to wait for");
  time_ = std::max(time_, *until);
  update_now();
}

/// Returns whether `watch` still watches `fd`: an earlier notification may have stopped, destroyed
/// or reused it.
bool TestLoop::still_watches(const FdWatch* watch, int fd) const noexcept {
  return std::find(watches_.begin(), watches_.end(), watch) != watches_.end() && watch->fd() == fd;
}

bool TestLoop::poll_watches(bool wait_for_threads) {
  std::vector<pollfd> entries;
  for (const FdWatch* watch : watches_) {
    const int events = (has(watch->events(), FdEvents::kRead) ? POLLIN : 0) |
                       (has(watch->events(), FdEvents::kWrite) ? POLLOUT : 0);
    entries.push_back({watch->fd(), static_cast<short>(events), 0});
  }
  int ready_count = 0;
  do {
    ready_count = ::poll(entries.data(), entries.size(), wait_for_threads ? -1 : 0);
  } while (ready_count < 0 && errno == EINTR);
  if (ready_count <= 0) return false;
  update_now();
  const std::vector<FdWatch*> polled = watches_;
  for (std::size_t i = 0; i < polled.size(); ++i) {
    const FdEvents ready = ready_events(entries[i]);
    if (ready != FdEvents::kNone && still_watches(polled[i], entries[i].fd)) {
      polled[i]->notify(ready);
    }
  }
  return true;
}

}  // namespace aiopyr
