#pragma once

namespace aiopyr::plugin {

/// Tries each reload before uWSGI carries it out: uWSGI alone would end its workers first, and find
/// out then that the app does not load. The configuration is tried in a process of its own
/// (`aiopyr-check`). If that fails, or takes longer than aiopyr-reload-check, the reload is refused
/// and logged, and the instance goes on as it was.
///
/// Called in the master, each time it looks around. The first call takes over the ways to ask for a
/// reload: SIGHUP, the fifo's r, R, w and c, files that are touched or watched (touch-reload,
/// fs-reload and similar), and the Emperor's order.
void manage_reloads() noexcept;

}  // namespace aiopyr::plugin
