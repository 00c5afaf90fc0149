#pragma once

namespace aiopyr::plugin {

/// Tells workers whether the whole instance is to end, which only uWSGI's master knows: a worker
/// that is to restart gets the same signal as one of an instance that is stopped gracefully. The
/// master publishes its answer in memory that it shares with its workers: each time it looks
/// around, and when a worker asks. A question reaches it as a signal: from 2.0.28 on, a uWSGI that
/// stops gracefully no longer looks around, but only waits for its workers.

/// Makes the shared memory. Called in the master, before it forks; without it no question is ever
/// answered.
void share_instance_end() noexcept;

/// Publishes the answer. Called in the master, each time it looks around.
void publish_instance_end() noexcept;

/// Asks the master. Called in a worker that was told to end.
void ask_for_instance_end() noexcept;

/// Returns whether the master has answered. Called in a worker.
[[nodiscard]] bool is_instance_end_answered() noexcept;

/// Returns the last answer of the master: whether the instance is to end. Called in a worker.
[[nodiscard]] bool instance_is_ending() noexcept;

}  // namespace aiopyr::plugin
