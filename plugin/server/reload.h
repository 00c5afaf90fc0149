#pragma once

namespace aiopyr::plugin {

/// Begins the drain of this worker, which then exits with `exit_code`; the master starts another
/// one. On the loop's thread, within run_loop_engine().
void reload_worker(int exit_code) noexcept;

}  // namespace aiopyr::plugin
