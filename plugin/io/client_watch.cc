#include <array>
#include <cstdint>
#include <new>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/plugin/io/client_watch.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// Returns the events to watch, edge-triggered: each is reported once. EPOLLHUP and EPOLLERR are
/// implied.
std::uint32_t events_of(ClientGone policy) noexcept {
  std::uint32_t events = EPOLLET;
  if (policy == ClientGone::kEof) events |= EPOLLRDHUP;
  return events;
}

}  // namespace

void ClientWatch::start(int fd) noexcept {
  static_cast<void>(stop());
  fd_ = fd;
  fiber_ = Fiber::current();
  begin_ = fiber_->loop().now();
  try {
    all_.add(*this);
  } catch (const std::bad_alloc&) {
    // The request is not watched then, as when the kernel refuses.
    unlink();
  }
}

bool ClientWatch::stop() noexcept {
  all_.remove(*this);
  return std::exchange(fired_, false);
}

ClientWatches::ClientWatches(Loop& loop, ClientGone policy)
    : loop_(loop), policy_(policy), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) {
    throw Error("no descriptor is left to watch clients: is the limit of open files reached?");
  }
  start(loop, epoll_, FdEvents::kRead);
}

ClientWatches::~ClientWatches() {
  stop();
  ::close(epoll_);
}

void ClientWatches::add(ClientWatch& watch) {
  if (policy_ == ClientGone::kIgnore) return;
  young_.push_back(watch);
  if (!patience_.is_active()) patience_.start_after(loop_, kPatience);
}

void ClientWatches::remove(ClientWatch& watch) noexcept {
  watch.unlink();
  if (!watch.armed_) return;
  watch.armed_ = false;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, watch.fd_, nullptr);
}

/// Arms the watches that are old enough. The timer runs while there are requests, and is set to the
/// oldest that is still young.
void ClientWatches::arm_the_old() {
  while (!young_.empty()) {
    ClientWatch& oldest = young_.front();
    if (oldest.begin_ + kPatience > loop_.now()) {
      patience_.start(loop_, oldest.begin_ + kPatience);
      return;
    }
    arm(oldest);
  }
}

/// Arms a watch; earlier events are reported too. If the kernel refuses, the request is not
/// watched.
void ClientWatches::arm(ClientWatch& watch) noexcept {
  armed_.push_back(watch);
  epoll_event event{};
  event.events = events_of(policy_);
  event.data.ptr = &watch;
  watch.armed_ = ::epoll_ctl(epoll_, EPOLL_CTL_ADD, watch.fd_, &event) == 0;
}

/// Cancels in the next turn, not at once: a fiber that unwinds may end other watches of this batch.
void ClientWatches::on_ready(FdEvents) {
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    auto& watch = *static_cast<ClientWatch*>(events[static_cast<std::size_t>(i)].data.ptr);
    watch.fired_ = true;
    watch.fiber_->cancel_soon();
  }
}

}  // namespace aiopyr::plugin
