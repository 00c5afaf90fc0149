#pragma once

#include <functional>
#include <string>

namespace aiopyr {

class Configurator;

struct PrometheusOptions {
  std::string route_name = "metrics";
  /// Needed to see the figures; else the app's default permission, if it has one.
  std::string permission{};
};

/// Serves what the server counts, over all its workers, as Prometheus reads it:
///
///     config.include(prometheus("/metrics"));
///
/// Answers GET on the request's fiber. docs/monitoring.md lists the figures; a server that counts
/// nothing (a test client, another Environ) has none of them.
[[nodiscard]] std::function<void(Configurator&)> prometheus(std::string pattern = "/metrics",
                                                            PrometheusOptions options = {});

}  // namespace aiopyr
