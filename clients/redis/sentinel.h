#pragma once

#include <aiopyr/clients/redis/connection/settings.h>
#include <aiopyr/clients/redis/options.h>

namespace aiopyr::redis::detail {

/// Returns what connects to the master that sentinels know by a name. Asks one after another for
/// each connection, so that it follows a failover. The master itself says whether it is one, by
/// ROLE in the handshake.
[[nodiscard]] Connector make_sentinel_connector(const Target& target);

}  // namespace aiopyr::redis::detail
