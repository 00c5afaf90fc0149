#pragma once

#include <optional>

namespace aiopyr::plugin {

/// Returns how many connections wait in the kernel for an accept() on the listening socket `fd`;
/// nullopt if the kernel does not tell, as for Unix sockets.
///
/// An accept() without a waiting connection makes a socket, an inode and a file first and destroys
/// them, which costs eight times as much as this question.
std::optional<int> connections_waiting(int fd) noexcept;

}  // namespace aiopyr::plugin
