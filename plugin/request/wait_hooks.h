#pragma once

namespace aiopyr::plugin {

/// Makes uWSGI's waits park the fiber that they are called on. Called from the root context (a
/// signal handler of uWSGI's, say) they block as uWSGI's own do.
///
/// The hooks' contract (uWSGI core/reader.c): above 0 is ready, 0 a timeout, below 0 an error or a
/// cancelled fiber; seconds, a negative number for ever.
void install_wait_hooks() noexcept;

}  // namespace aiopyr::plugin
