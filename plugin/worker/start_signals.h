#pragma once

namespace aiopyr::plugin {

/// Handles what the master tells a worker that does not run its loop yet.
///
/// uWSGI gives workers their signal handlers late, when their app is loaded. Until then the first
/// ones ignore SIGHUP and SIGTERM, while those that the master makes later have its own handlers,
/// with which they take themselves for the master and have all others end. Either way the wish is
/// lost, and the master waits for worker-reload-mercy. A worker whose fork is under way when the
/// master is asked to reload or to stop is not told at all: the master waits for ever.
///
/// With this, a worker that is told to end before it runs its loop does so at once: it has no
/// request. Only for workers of our loop engine.

/// Holds signals back until let_signals_in(). Called in the master, before it forks a worker.
void hold_signals() noexcept;

/// Delivers the signals that were held back. Called in the master and in the worker, after the
/// fork.
void let_signals_in(bool is_worker) noexcept;

/// Sends the signal to workers that the master has forgotten. Called in the master, each time it
/// looks around.
void tell_untold_workers() noexcept;

}  // namespace aiopyr::plugin
