#pragma once

#include <cstddef>
#include <string>

#include <aiopyr/plugin/io/orderly_closes.h>
#include <aiopyr/plugin/io/pace.h>
#include <aiopyr/runtime/base/counter.h>

namespace aiopyr::plugin {

/// The limits of connections; docs/options.md describes each. Seconds are 0 for any time.
struct ConnectionLimits {
  double read_timeout = 20;
  double write_timeout = 20;
  std::size_t write_rate = 0;    ///< bytes a second that a client reads of a response on the whole
  double keep_alive = 75;        ///< seconds between two requests; 0 closes the connection
  std::size_t write_buffer = 0;  ///< bytes of responses that their clients are slow to read
  std::size_t temp_bytes = 0;    ///< the same of responses in temporary files
  std::string temp_folder{};     ///< in which these are
  std::size_t queue = 0;         ///< requests that may wait for a core
  double queue_timeout = 0;
  bool drops_ended = false;    ///< a waiting client that will send nothing more is gone
  std::size_t slow_cores = 1;  ///< cores that slow senders and slow readers together may hold
  LingeringLimits lingering{};
  bool has_small_buffers = false;  ///< the kernel takes less of a response than usual

  /// Returns how fast clients have to read their responses.
  [[nodiscard]] LeastPace reading_pace() const noexcept { return {write_timeout, write_rate}; }
};

/// The counters of connections. They outlive them.
struct ConnectionCounters {
  metrics::Gauge& queued;     ///< requests that wait for a core
  metrics::Counter& refused;  ///< requests that were answered 503 instead
};

}  // namespace aiopyr::plugin
