#pragma once

#include <cstdint>

namespace aiopyr::plugin {

/// The state of a client as its connection shows it, whether or not its input was read.
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
