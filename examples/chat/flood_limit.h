#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include <aiopyr/aiopyr.h>

namespace chat {

/// Allows twenty messages in any five seconds. Refused messages do not count, so a visitor who
/// types too fast is heard again soon.
class FloodLimit {
 public:
  static constexpr std::size_t kMessages = 20;
  static constexpr std::chrono::seconds kWithin{5};

  [[nodiscard]] bool admit(aiopyr::TimePoint now) {
    while (!admitted_.empty() && now - admitted_.front() >= kWithin) admitted_.pop_front();
    if (admitted_.size() == kMessages) return false;
    admitted_.push_back(now);
    return true;
  }

 private:
  std::deque<aiopyr::TimePoint> admitted_;
};

}  // namespace chat
