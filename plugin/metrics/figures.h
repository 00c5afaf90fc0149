#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/plugin/metrics/shared_counters.h>

namespace aiopyr::plugin {

/// One number of each worker, with its names for Prometheus and for uWSGI's metrics. Figures of the
/// same family are adjacent, and differ in their label.
struct Figure {
  enum class Kind {
    kCounter,
    kSum,  ///< a gauge: the sum over the living workers
    kMax,  ///< a gauge: the largest of them
  };

  Kind kind;
  std::string name;  ///< uWSGI's, after `aiopyr.` or `aiopyr.worker.N.`
  std::string family;
  std::string_view help;
  const void* (*address)(const WorkerCounters&, std::size_t index);  ///< eight bytes
  std::size_t index = 0;                                             ///< passed to `address`
  std::string_view label{};
  std::string label_value{};
  double unit = 1;  ///< the value of 1 in the unit that `family` names

  [[nodiscard]] std::int64_t of_worker(int number) const noexcept;
  /// Returns the value of the whole instance.
  [[nodiscard]] std::int64_t total() const noexcept;
};

/// Returns all figures, in the order in which they are shown.
[[nodiscard]] const std::vector<Figure>& figures();

}  // namespace aiopyr::plugin
