#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <aiopyr/plugin/io/socket_buffers.h>

namespace aiopyr::plugin {

namespace {

std::size_t bytes_in_buffer(int fd, unsigned long which) noexcept {
  int bytes = 0;
  return ::ioctl(fd, which, &bytes) == 0 && bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

}  // namespace

std::size_t unread_bytes(int fd) noexcept { return bytes_in_buffer(fd, SIOCINQ); }

std::size_t unsent_bytes(int fd) noexcept { return bytes_in_buffer(fd, SIOCOUTQ); }

}  // namespace aiopyr::plugin
