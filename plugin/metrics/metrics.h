#pragma once

#include <string>

namespace aiopyr::plugin {

/// Returns the counters of the instance, in Prometheus' text format. In a worker.
[[nodiscard]] std::string write_metrics();

/// Registers the same figures, except histograms, with uWSGI if its metrics are enabled: those of
/// each worker as `aiopyr.worker.N.NAME`, and of the instance as `aiopyr.NAME`. uWSGI reads them in
/// place, in the master, once a second. Called from post_init, before uWSGI allocates its metrics.
void register_uwsgi_metrics();

}  // namespace aiopyr::plugin
