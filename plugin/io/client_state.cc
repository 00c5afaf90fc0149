#include <poll.h>

#include <aiopyr/plugin/io/client_state.h>

namespace aiopyr::plugin {

ClientState client_state(int fd) noexcept {
  pollfd looked_at{fd, POLLRDHUP, 0};
  if (::poll(&looked_at, 1, 0) < 1) return ClientState::kThere;
  if ((looked_at.revents & (POLLERR | POLLHUP)) != 0) return ClientState::kGone;
  return ClientState::kEnded;
}

}  // namespace aiopyr::plugin
