#pragma once

#include <aiopyr/runtime/async/waits/event.h>

namespace aiopyr {

/// Returns the event that is set once the worker is to end: new work is refused, and running work
/// has the drain timeout to end. For coroutines that would otherwise run for ever:
///
///     if (stopping().is_set()) break;
///     co_await stopping().wait();
///
/// The event belongs to this thread's loop, and may be used on its thread only. Throws ScopeError
/// if the thread has no loop.
Event& stopping();

}  // namespace aiopyr
