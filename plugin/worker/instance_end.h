#pragma once

namespace aiopyr::plugin {

/// Whether all of this instance is to end, which only uWSGI's master knows: a worker that is to
/// restart and one of an instance that is stopped gracefully get the same signal. The master says
/// so in memory that it shares with its workers: each time it looks around, and when a worker asks.
/// A question comes as a signal, as uWSGI from 2.0.28 on does not look around any more once it
/// stops gracefully, but waits for its workers.

/// Makes that memory. In the master, before it forks; without it nothing is ever said.
void share_instance_end() noexcept;

/// In the master, each time it looks around.
void publish_instance_end() noexcept;

/// In a worker that was told to end: asks the master.
void ask_for_instance_end() noexcept;

/// In a worker: whether that was answered.
[[nodiscard]] bool is_instance_end_answered() noexcept;

/// In a worker: what the master has said last.
[[nodiscard]] bool instance_is_ending() noexcept;

}  // namespace aiopyr::plugin
