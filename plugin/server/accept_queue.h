#pragma once

#include <optional>

namespace aiopyr::plugin {

/// How many connections wait in the kernel for an accept() on the listening socket `fd`; none where
/// it does not say, which is so of Unix sockets.
///
/// An accept() that finds nobody makes a socket, an inode and a file first and throws them away,
/// which costs eight times as much as asking.
std::optional<int> connections_waiting(int fd) noexcept;

}  // namespace aiopyr::plugin
