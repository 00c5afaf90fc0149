#pragma once

#include <aiopyr/runtime/async/waits/event.h>

namespace aiopyr {

/// Set once the worker is to end: new work is refused, what runs gets the drain timeout to end. For
/// coroutines that would otherwise run for ever:
///
///     if (stopping().is_set()) break;
///     co_await stopping().wait();
///
/// Of this thread's loop, and on its thread only. Throws ScopeError where there is none.
Event& stopping();

}  // namespace aiopyr
