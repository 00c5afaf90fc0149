#pragma once

namespace aiopyr::plugin {

/// uWSGI's loop engine `aiopyr`: what a worker runs from its fork to its end. One libev loop
/// accepts, reads and answers; each request has a core of uWSGI's and a fiber.
void run_loop_engine() noexcept;

}  // namespace aiopyr::plugin
