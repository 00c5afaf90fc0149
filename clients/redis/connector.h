#pragma once

#include <memory>

#include <aiopyr/clients/redis/connection/settings.h>
#include <aiopyr/clients/redis/options.h>

namespace aiopyr::redis::detail {

/// Returns what connects streams to a target: it looks the name up anew for each connection, since
/// the address may have changed.
[[nodiscard]] Connector make_connector(const Target& target);

/// Connects to one host. Throws Error that says why not.
[[nodiscard]] Task<std::unique_ptr<Transport>> connect_tcp(Target::Host host, Duration timeout);

/// Returns the settings of a target's connections.
[[nodiscard]] ConnectionSettings make_settings(const Target& target);

}  // namespace aiopyr::redis::detail
