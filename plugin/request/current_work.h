#pragma once

#include <string>

namespace aiopyr::plugin {

/// Notes for whom this worker's loop works at the moment: for the request whose fiber runs, or
/// whose view has begun to; for the websocket whose input, time or beginning is dealt with. A
/// coroutine that goes on after a wait belongs to one of the requests that are in flight: which one
/// is not known, unless there is only one. Called in a signal handler on the loop's thread:
/// allocates nothing.
void note_current_work() noexcept;

/// Returns what was noted last, `GET /x (route y)`, without queries; empty where nobody knows. In
/// one other thread, after the signal was handled.
std::string describe_current_work();

}  // namespace aiopyr::plugin
