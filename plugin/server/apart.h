#pragma once

namespace aiopyr::plugin {

/// Has this process touch nothing of the instance that the same configuration is for, which may be
/// serving meanwhile: it is there to look at the apps (hosting/commands.h). It binds no socket,
/// writes no pid file, log or store, goes into no background, starts no program, gateway or
/// Emperor, and removes nothing when it ends (`vacuum`). For when an option asks for a command; it
/// takes effect when uWSGI has read all options, and before it obeys them.
void stand_apart() noexcept;

}  // namespace aiopyr::plugin
