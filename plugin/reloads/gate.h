#pragma once

namespace aiopyr::plugin {

/// Stands between who asks for a reload and uWSGI, which would end its workers first and find out
/// then that the app does not load. The configuration is tried in a process of its own
/// (`aiopyr-check`): where that fails, or takes longer than aiopyr-reload-check, the reload is
/// refused and logged, and nothing else happens.
///
/// To be called in the master, each time it looks around: takes over SIGHUP, the fifo's r, R, w and
/// c, and what is touched, when it is called first.
void manage_reloads() noexcept;

}  // namespace aiopyr::plugin
