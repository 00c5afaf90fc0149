#pragma once

namespace aiopyr::plugin {

/// Passes a second SIGINT, SIGTERM or SIGQUIT that the master gets on to its workers, whom it ends
/// at once (DrainSignals). uWSGI's master takes no notice of it, and waits for them until
/// worker-reload-mercy is over. In the master, each time that it looks around.
void heed_second_stop() noexcept;

}  // namespace aiopyr::plugin
