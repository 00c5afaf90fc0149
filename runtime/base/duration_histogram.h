#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include <aiopyr/runtime/base/counter.h>

namespace aiopyr::metrics {

/// Counts how long something took, in buckets that are the same for every histogram: from a tenth
/// of a millisecond to ten seconds, each about two and a half times the one before. One writer and
/// any number of readers, as for Counter.
class DurationHistogram {
 public:
  /// The longest duration that each bucket counts; one more bucket counts longer durations.
  static constexpr std::array<std::chrono::microseconds, 16> kBounds = {
      std::chrono::microseconds(100),
      std::chrono::microseconds(250),
      std::chrono::microseconds(500),
      std::chrono::microseconds(1'000),
      std::chrono::microseconds(2'500),
      std::chrono::microseconds(5'000),
      std::chrono::microseconds(10'000),
      std::chrono::microseconds(25'000),
      std::chrono::microseconds(50'000),
      std::chrono::microseconds(100'000),
      std::chrono::microseconds(250'000),
      std::chrono::microseconds(500'000),
      std::chrono::seconds(1),
      std::chrono::microseconds(2'500'000),
      std::chrono::seconds(5),
      std::chrono::seconds(10)};

  /// A copy of the counts of one histogram, or the sum of several.
  struct Totals {
    std::array<std::uint64_t, kBounds.size() + 1> buckets{};  ///< each without those below it
    std::chrono::nanoseconds sum{};

    [[nodiscard]] std::uint64_t count() const noexcept;
    Totals& operator+=(const Totals& other) noexcept;
  };

  void observe(std::chrono::nanoseconds duration) noexcept;
  [[nodiscard]] Totals totals() const noexcept;

 private:
  std::array<Counter, kBounds.size() + 1> buckets_;
  Counter nanoseconds_;
};

}  // namespace aiopyr::metrics
