#pragma once

#include <string_view>
#include <sys/socket.h>

namespace aiopyr::plugin {

/// Returns whether the name of a socket in uWSGI's form (`127.0.0.1:80`, `:80`, `[::1]:80`,
/// `localhost:80`, `/run/app.sock`, `app.sock`, `@app`) stands for the address that a socket is
/// bound to. A name without a host stands for every interface, also for a socket that is bound so
/// in IPv6. Knows nothing of uWSGI; resolves names of hosts, so it may wait.
[[nodiscard]] bool names_address(std::string_view name, const sockaddr_storage& address,
                                 socklen_t length);

}  // namespace aiopyr::plugin
