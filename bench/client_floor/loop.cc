#include "loop.h"

#include <array>

#include "bench/server/listener.h"

namespace client_floor {

using server::checked;

Loop::Loop() : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {}

void Loop::watch(int fd, Handler& handler, std::uint32_t events) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= handlers_.size()) handlers_.resize(index + 1);
  const int operation = handlers_[index] == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  handlers_[index] = &handler;
  epoll_event event{.events = events, .data = {.fd = fd}};
  checked(::epoll_ctl(epoll_, operation, fd, &event), "epoll_ctl");
}

void Loop::forget(int fd) {
  handlers_[static_cast<std::size_t>(fd)] = nullptr;
  checked(::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr), "epoll_ctl");
}

void Loop::run(TurnEnd& turn_end) {
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), turn_end.timeout_ms());
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      // An earlier event of this turn may have led to the end of its descriptor.
      Handler* const handler = handlers_[static_cast<std::size_t>(event.data.fd)];
      if (handler != nullptr) handler->on_ready(event.data.fd, event.events);
    }
    turn_end.on_turn_end();
  }
}

}  // namespace client_floor
