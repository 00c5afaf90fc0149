#pragma once

#include <string>

namespace aiopyr::plugin {

/// Records for which request or websocket this worker's loop works now: the request whose fiber
/// runs, or whose view begins; the websocket whose input, timer or beginning is handled. A
/// coroutine that continues after a wait belongs to one of the requests in flight: which one is
/// unknown, unless there is only one. Called in a signal handler on the loop's thread: allocates
/// nothing.
void note_current_work() noexcept;

/// Returns the last record, such as `GET /x (route y)`, without queries; empty if it is unknown.
/// Called in one other thread, after the signal was handled.
std::string describe_current_work();

}  // namespace aiopyr::plugin
