#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <aiopyr/runtime/base/counter.h>
#include <aiopyr/runtime/base/duration_histogram.h>

namespace aiopyr {

/// The requests of one route, one counter for each status. One writer, any reader.
class StatusCounters {
 public:
  static constexpr int kFirst = 100;
  static constexpr int kLast = 599;

  /// Counts a status; an invalid one as 500.
  void count(int status) noexcept {
    constexpr int kInternalServerError = 500;
    by_status_[index_of(status >= kFirst && status <= kLast ? status : kInternalServerError)].add();
  }
  /// Returns the count of a status. Requires: from kFirst to kLast.
  [[nodiscard]] std::uint64_t value(int status) const noexcept {
    return by_status_[index_of(status)].value();
  }

 private:
  static constexpr std::size_t index_of(int status) noexcept {
    return static_cast<std::size_t>(status - kFirst);
  }

  std::array<metrics::Counter, kLast - kFirst + 1> by_status_;
};

/// The requests of one route over all statuses.
struct RouteCounters {
  metrics::Counter requests;
  /// The durations of requests; a websocket's duration says nothing about speed and is not counted.
  metrics::DurationHistogram durations;
};

}  // namespace aiopyr
