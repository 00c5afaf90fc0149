#pragma once

namespace aiopyr::plugin {

/// Whether all of this instance is to end, which only uWSGI's master knows: a worker that is to
/// restart and one of an instance that is stopped gracefully get the same signal. The master says
/// so in memory that it shares with its workers, right after the signal.

/// Makes that memory. In the master, before it forks; without it nothing is ever said.
void share_instance_end() noexcept;

/// In the master, each time it looks around.
void publish_instance_end() noexcept;

/// In a worker.
bool instance_is_ending() noexcept;

}  // namespace aiopyr::plugin
