#pragma once

namespace aiopyr::plugin {

/// Stops the start where uWSGI is configured for something that the loop engine cannot do, or has
/// no process to serve with. In the process that becomes the master: a worker that found it out
/// would be started again without end.
void require_able_workers();

}  // namespace aiopyr::plugin
