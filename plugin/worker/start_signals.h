#pragma once

namespace aiopyr::plugin {

/// What the master tells a worker that has not come to its loop yet.
///
/// uWSGI gives workers their signal handlers late, when their app is loaded. Until then the first
/// ones ignore SIGHUP and SIGTERM, while those that the master makes later have its own handlers,
/// with which they take themselves for the master and have all others end. Either way the wish is
/// lost, and the master waits for worker-reload-mercy. A worker whose fork is under way when the
/// master is asked to reload or to stop is not told at all: the master waits for ever.
///
/// Here a worker that is told to end before it has come to its loop does so at once: nobody has
/// asked it for anything. Concerns workers of our loop engine only.

/// In the master, before it forks a worker. What comes from here on is for let_signals_in().
void hold_signals() noexcept;

/// In the master and in the worker, after the fork.
void let_signals_in(bool is_worker) noexcept;

/// In the master, each time that it looks around: tells those that it has forgotten.
void tell_untold_workers() noexcept;

}  // namespace aiopyr::plugin
