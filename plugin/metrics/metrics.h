#pragma once

#include <string>

namespace aiopyr::plugin {

/// What the instance counts, in Prometheus' text format. In a worker.
[[nodiscard]] std::string write_metrics();

/// Makes the same figures, but for histograms, known to uWSGI where its metrics are enabled: those
/// of each worker as `aiopyr.worker.N.NAME`, and over the instance as `aiopyr.NAME`. uWSGI reads
/// them where they are, in the master, once a second. From post_init, before uWSGI gives its
/// metrics their memory.
void register_uwsgi_metrics();

}  // namespace aiopyr::plugin
