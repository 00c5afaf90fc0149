#pragma once

#include <memory>

#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/async/transport.h>

namespace aiopyr::plugin {

/// Closes a connection on which everything was written. Closing a socket with unread input resets
/// it, and what was written last may be lost with that (RFC 9112 section 9.6): so the end is told
/// to the client first, and what it still sends is read away, for two seconds and 8 MiB at
/// most. To be spawned on the loop; no core and no fiber waits for it.
Task<> close_in_order(std::unique_ptr<Transport> transport);

}  // namespace aiopyr::plugin
