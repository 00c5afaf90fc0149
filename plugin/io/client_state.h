#pragma once

#include <cstdint>

namespace aiopyr::plugin {

/// What can be told of a client by its connection, whatever of its input is unread.
enum class ClientState : std::uint8_t {
  kThere,
  /// It will send nothing more. It may wait for its answer (`shutdown(SHUT_WR)`), or have closed:
  /// over TCP that looks the same.
  kEnded,
  /// The connection is broken, or closed in both directions; a Unix socket's client has closed it.
  kGone,
};

/// Looks at a client; costs a system call.
[[nodiscard]] ClientState client_state(int fd) noexcept;

}  // namespace aiopyr::plugin
