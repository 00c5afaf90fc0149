#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::plugin {

/// Counts equal errors, so that the log has the first few of them and a number for the others:
/// otherwise a client with a failing request could fill the disk. Any thread; knows nothing of
/// uWSGI.
class RepeatedFailures {
 public:
  /// The most failures of one kind that are written within a period.
  static constexpr std::size_t kWritten = 5;
  static constexpr Duration kPeriod = std::chrono::seconds(10);
  /// The most kinds that are counted at a time. Beyond that the oldest is forgotten.
  static constexpr std::size_t kMostKinds = 100;

  struct Count {
    std::string kind;
    std::size_t more;  ///< how many were not written
  };

  /// Returns whether to write an error of this kind; otherwise it is counted.
  [[nodiscard]] bool is_to_be_written(std::string_view kind, TimePoint now);

  /// Removes and returns the counts of the kinds whose period has ended.
  [[nodiscard]] std::vector<Count> take_over(TimePoint now);
  /// Removes and returns the counts of all kinds.
  [[nodiscard]] std::vector<Count> take_all();

  /// Returns whether there is a count to take, now or later.
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
  std::vector<Count> dropped_;  // counts of kinds that were forgotten
};

}  // namespace aiopyr::plugin
