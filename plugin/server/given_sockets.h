#pragma once

namespace aiopyr::plugin {

/// Listening sockets that somebody else has opened for this instance: systemd's socket activation
/// (LISTEN_FDS), and what uWSGI knows besides (zerg mode, `fd://`).
///
/// uWSGI adds such a socket to its list without a protocol of its own, and leaves the one of the
/// configuration that has the same address beside it, unbound. It looks for texts that are equal,
/// so `:80` is bound once more where systemd has opened `[::]:80`, and it forgets after a reload
/// what no option names. Here the configured socket takes over what was opened for it, with the
/// protocol that its option says; what no option names stays over reloads.

/// When the plugin is loaded: has uWSGI ask for them before it looks itself.
void expect_given_sockets();

/// When all sockets are bound: leaves each open one once in uWSGI's list, and none that is not
/// open. Stops the start of an instance that would listen to nobody.
void settle_sockets();

}  // namespace aiopyr::plugin
