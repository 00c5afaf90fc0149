#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/plugin/metrics/shared_counters.h>

namespace aiopyr::plugin {

/// One number of each worker, under the names that it has for Prometheus and for uWSGI's metrics.
/// Figures with the same family are next to each other, and differ in their label.
struct Figure {
  enum class Kind {
    kCounter,
    kSum,  ///< a gauge: what the workers that are alive have together
    kMax,  ///< likewise, the largest
  };

  Kind kind;
  std::string name;  ///< uWSGI's, behind `aiopyr.` or `aiopyr.worker.N.`
  std::string family;
  std::string_view help;
  const void* (*address)(const WorkerCounters&, std::size_t index);  ///< eight bytes
  std::size_t index = 0;                                             ///< handed to `address`
  std::string_view label{};
  std::string label_value{};
  double unit = 1;  ///< what one of it is in the unit that `family` names

  [[nodiscard]] std::int64_t of_worker(int number) const noexcept;
  /// Over the whole instance.
  [[nodiscard]] std::int64_t total() const noexcept;
};

/// All of them, in the order in which they are shown.
[[nodiscard]] const std::vector<Figure>& figures();

}  // namespace aiopyr::plugin
