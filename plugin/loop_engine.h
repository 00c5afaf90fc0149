#pragma once

namespace aiopyr::plugin {

/// uWSGI's loop engine `aiopyr`: what a worker runs from its fork to its end. One libev loop
/// accepts, reads and answers; each request has a core of uWSGI's and a fiber.
void run_loop_engine() noexcept;

/// Begins the drain of this worker, which then leaves with `exit_code`; the master starts another.
/// On the loop's thread, within run_loop_engine().
void reload_worker(int exit_code) noexcept;

}  // namespace aiopyr::plugin
