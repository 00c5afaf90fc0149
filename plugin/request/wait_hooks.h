#pragma once

namespace aiopyr::plugin {

/// Makes uWSGI's waits park the fiber that calls them. Called from the root context (for example by
/// a signal handler of uWSGI's) they block, as uWSGI's own do.
///
/// The hooks' contract (uWSGI core/reader.c): a positive result is ready, 0 a timeout, a negative
/// one an error or a cancelled fiber; the timeout is in seconds, negative for ever.
void install_wait_hooks() noexcept;

}  // namespace aiopyr::plugin
