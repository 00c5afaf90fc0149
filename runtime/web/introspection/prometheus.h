#pragma once

#include <functional>
#include <string>

namespace aiopyr {

class Configurator;

struct PrometheusOptions {
  std::string route_name = "metrics";
  /// The permission to see the figures; default: the app's default permission, if it has one.
  std::string permission{};
};

/// Serves the server's counters, of all its workers, in Prometheus' format:
///
///     config.include(prometheus("/metrics"));
///
/// Answers GET on the request's fiber. docs/monitoring.md lists the figures; a server without
/// counters (a test client, another Environ) has none of them.
[[nodiscard]] std::function<void(Configurator&)> prometheus(std::string pattern = "/metrics",
                                                            PrometheusOptions options = {});

}  // namespace aiopyr
