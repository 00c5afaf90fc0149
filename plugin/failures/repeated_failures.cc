#include <algorithm>
#include <iterator>
#include <utility>

#include <aiopyr/plugin/failures/repeated_failures.h>

namespace aiopyr::plugin {

bool RepeatedFailures::is_to_be_written(std::string_view kind, TimePoint now) {
  const std::lock_guard guard(mutex_);
  const auto known = std::find_if(kinds_.begin(), kinds_.end(),
                                  [&](const Kind& other) { return other.name == kind; });
  if (known == kinds_.end()) {
    if (kinds_.size() == kMostKinds) {
      if (kinds_.front().more > 0) dropped_.push_back({kinds_.front().name, kinds_.front().more});
      kinds_.erase(kinds_.begin());
    }
    kinds_.push_back({.name = std::string(kind), .begun = now, .written = 1});
    return true;
  }
  // Begins a new period once the failures that were counted in the old one have been taken.
  if (now - known->begun >= kPeriod && known->more == 0) {
    known->begun = now;
    known->written = 0;
  }
  if (known->written == kWritten) {
    ++known->more;
    return false;
  }
  ++known->written;
  return true;
}

template <class Predicate>
std::vector<RepeatedFailures::Count> RepeatedFailures::take_if(Predicate is_meant) {
  const std::lock_guard guard(mutex_);
  std::vector<Count> counts = std::exchange(dropped_, {});
  const auto kept = std::stable_partition(kinds_.begin(), kinds_.end(),
                                          [&](const Kind& kind) { return !is_meant(kind); });
  for (auto kind = kept; kind != kinds_.end(); ++kind) {
    if (kind->more > 0) counts.push_back({std::move(kind->name), kind->more});
  }
  kinds_.erase(kept, kinds_.end());
  return counts;
}

std::vector<RepeatedFailures::Count> RepeatedFailures::take_over(TimePoint now) {
  return take_if([now](const Kind& kind) { return now - kind.begun >= kPeriod; });
}

std::vector<RepeatedFailures::Count> RepeatedFailures::take_all() {
  return take_if([](const Kind&) { return true; });
}

bool RepeatedFailures::has_counted() const {
  const std::lock_guard guard(mutex_);
  return !dropped_.empty() ||
         std::any_of(kinds_.begin(), kinds_.end(), [](const Kind& kind) { return kind.more > 0; });
}

}  // namespace aiopyr::plugin
