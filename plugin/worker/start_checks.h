#pragma once

#include <aiopyr/plugin/connection/limits.h>

namespace aiopyr::plugin {

/// Stops the start where uWSGI is configured for something that the loop engine cannot do, or has
/// no process to serve with. In the process that becomes the master: a worker that found it out
/// would be started again without end.
void require_able_workers();

/// Tries to make and to write a temporary file as a response to a slow client would be, and says in
/// the log if that fails: else it would be found out under load. In a worker, which may have fewer
/// rights than the process that has started it.
void report_temporary_folder(const ConnectionLimits& limits);

}  // namespace aiopyr::plugin
