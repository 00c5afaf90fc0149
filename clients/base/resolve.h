#pragma once

#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::clients {

/// One address of a server, ready for connect(): an IPv4 or IPv6 address with its port, or a Unix
/// path.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
  [[nodiscard]] int family() const noexcept { return storage.ss_family; }
  /// Returns the numeric host, such as `127.0.0.1` or `::1`; the path of a Unix address.
  [[nodiscard]] std::string host() const;
};

/// Returns the address of a socket at `path`. Throws ConfigurationError for a path that is too long
/// for one.
[[nodiscard]] Address unix_address(const std::string& path);

/// Returns the addresses of `host`, in the order in which to try them (RFC 6724, as the system's
/// look-up sorts them); never empty. A numeric address is not looked up. Names are looked up in a
/// thread of the loop's default executor, since getaddrinfo() blocks, and never kept: a name server
/// is near, and an address may change. Throws Error with the look-up's reason where there is no
/// such host, and TimeoutError after `timeout`.
///
/// In coroutines, which continue in the root context. Cancelling it drops the result.
[[nodiscard]] Task<std::vector<Address>> resolve(std::string host, std::uint16_t port,
                                                 Seconds timeout);

}  // namespace aiopyr::clients
