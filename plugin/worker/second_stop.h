#pragma once

namespace aiopyr::plugin {

/// Passes a second SIGINT, SIGTERM or SIGQUIT, which the master gets, on to its workers, which then
/// end at once (DrainSignals). uWSGI's master ignores it, and waits for them until
/// worker-reload-mercy is over. Called in the master, each time it looks around.
void heed_second_stop() noexcept;

}  // namespace aiopyr::plugin
