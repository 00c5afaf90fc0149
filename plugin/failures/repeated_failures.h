#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::plugin {

/// Counts errors that are the same, so that the log has the first few of them and a number for the
/// others: else whoever has found a request that fails fills the disk. Any thread; knows nothing
/// of uWSGI.
class RepeatedFailures {
 public:
  /// How many failures of one kind are written within a period.
  static constexpr std::size_t kWritten = 5;
  static constexpr Duration kPeriod = std::chrono::seconds(10);
  /// How many kinds are counted at a time. Beyond that the oldest is forgotten.
  static constexpr std::size_t kMostKinds = 100;

  struct Count {
    std::string kind;
    std::size_t more;  ///< that were not written
  };

  /// Returns whether an error of this kind is to be written; else it is counted.
  [[nodiscard]] bool is_to_be_written(std::string_view kind, TimePoint now);

  /// Returns what has been counted, and forgets it: of the kinds whose time is over.
  [[nodiscard]] std::vector<Count> take_over(TimePoint now);
  /// The same of all kinds.
  [[nodiscard]] std::vector<Count> take_all();

  /// Returns whether there is something to take, now or later.
  [[nodiscard]] bool has_counted() const;

 private:
  struct Kind {
    std::string name;
    TimePoint begun;
    std::size_t written = 0;
    std::size_t more = 0;
  };

  template <class Predicate>
  std::vector<Count> take_if(Predicate is_meant);

  mutable std::mutex mutex_;
  std::vector<Kind> kinds_;     // the oldest first
  std::vector<Count> dropped_;  // counted, of kinds that are forgotten
};

}  // namespace aiopyr::plugin
