#include <algorithm>
#include <numeric>

#include <aiopyr/runtime/base/duration_histogram.h>

namespace aiopyr::metrics {

void DurationHistogram::observe(std::chrono::nanoseconds duration) noexcept {
  const auto bound = std::find_if(kBounds.begin(), kBounds.end(),
                                  [&](const auto& longest) { return duration <= longest; });
  buckets_[static_cast<std::size_t>(bound - kBounds.begin())].add();
  if (duration.count() > 0) nanoseconds_.add(static_cast<std::uint64_t>(duration.count()));
}

DurationHistogram::Totals DurationHistogram::totals() const noexcept {
  Totals totals;
  std::transform(buckets_.begin(), buckets_.end(), totals.buckets.begin(),
                 [](const Counter& bucket) { return bucket.value(); });
  totals.sum = std::chrono::nanoseconds(nanoseconds_.value());
  return totals;
}

std::uint64_t DurationHistogram::Totals::count() const noexcept {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

DurationHistogram::Totals& DurationHistogram::Totals::operator+=(const Totals& other) noexcept {
  for (std::size_t i = 0; i < buckets.size(); ++i) buckets[i] += other.buckets[i];
  sum += other.sum;
  return *this;
}

}  // namespace aiopyr::metrics
