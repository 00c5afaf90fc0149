#pragma once

#include <aiopyr/runtime/web/introspection/exposition.h>

namespace aiopyr::plugin {

/// Writes what the clients of all workers' apps have counted: connections, waits, and operations by
/// their results. Writes nothing where no app has a client.
void write_client_metrics(metrics::Exposition& out);

}  // namespace aiopyr::plugin
