#pragma once

namespace aiopyr::plugin {

/// Listening sockets that another program has opened for this instance: systemd's socket activation
/// (LISTEN_FDS), and uWSGI's own ways (zerg mode, `fd://`).
///
/// uWSGI adds such a socket to its list without a protocol, and leaves the configured one with the
/// same address beside it, unbound. It compares names as text, so `:80` is bound again if systemd
/// has opened `[::]:80`, and after a reload it forgets sockets that no option names. Here the
/// configured socket takes over the one opened for it, with the protocol of its option; sockets
/// that no option names stay over reloads.

/// Called when the plugin is loaded: makes uWSGI look for them before its own search.
void expect_given_sockets();

/// Called when all sockets are bound: leaves each open one once in uWSGI's list, and none that is
/// not open. Stops the start of an instance that would not listen on any socket.
void settle_sockets();

}  // namespace aiopyr::plugin
