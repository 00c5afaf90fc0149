#pragma once

namespace aiopyr::plugin {

/// Isolates this process from the instance with the same configuration, which may be running: it
/// only looks at the apps (hosting/commands.h). It binds no socket, writes no pid file, log or
/// store, does not daemonize, starts no program, gateway or Emperor, and removes nothing when it
/// ends (`vacuum`). Called when an option asks for a command; takes effect when uWSGI has read all
/// options, and before it applies them.
void stand_apart() noexcept;

}  // namespace aiopyr::plugin
