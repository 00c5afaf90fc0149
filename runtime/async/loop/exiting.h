#pragma once

/// Tells whether the process is ending by exit(). uWSGI calls exit() in its signal handlers, so in
/// the middle of a turn; static objects are then destroyed even if they are still in use.
namespace aiopyr::detail {

/// Makes is_exiting() return true after exit() from now on. Called by each loop.
void watch_for_exit() noexcept;

/// Returns whether exit() has been called. Loop thread only.
[[nodiscard]] bool is_exiting() noexcept;

}  // namespace aiopyr::detail
