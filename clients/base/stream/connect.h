#pragma once

#include <memory>
#include <vector>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::clients {

/// Connects a stream to the first of `addresses` that accepts, one after another; each gets its
/// share of what is left of `timeout`, so that one that never answers does not keep the next from
/// being tried. TCP streams send at once (TCP_NODELAY) and notice a peer that is gone within half a
/// minute (SO_KEEPALIVE).
///
/// Throws Error that says what the last address has answered, and TimeoutError if that was nothing.
/// In coroutines, which continue in the root context. Cancelling it closes the socket.
[[nodiscard]] Task<std::unique_ptr<Transport>> connect_stream(std::vector<Address> addresses,
                                                              Seconds timeout);

}  // namespace aiopyr::clients
