#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <aiopyr/plugin/server/accept_queue.h>

namespace aiopyr::plugin {

std::optional<int> connections_waiting(int fd) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  // For a listening socket this field is the length of its queue (tcp_get_info() in Linux'
  // net/ipv4/tcp.c).
  return static_cast<int>(info.tcpi_unacked);
}

}  // namespace aiopyr::plugin
