#pragma once

/// Whether the process is ending by exit(), which may be called in the middle of a turn: uWSGI does
/// so in its signal handlers. Then static objects are destroyed, whoever still uses them.
namespace aiopyr::detail {

/// Has is_exiting() know of exit() from now on. Called by each loop.
void watch_for_exit() noexcept;

/// Returns whether exit() has been called. Loop thread only.
[[nodiscard]] bool is_exiting() noexcept;

}  // namespace aiopyr::detail
