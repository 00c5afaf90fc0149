#pragma once

#include <cstddef>
#include <cstdint>

/// Says what happens to messages that others send to a client which reads too slowly: published
/// ones (topics.h) and those sent through a handle (handle.h). A view's own send() waits.
/// Plain values, for any thread.
namespace aiopyr {

enum class WhenSlow : std::uint8_t {
  kWait,        ///< nothing is lost: who publishes waits, `co_await topics.publish(...)`
  kDropOldest,  ///< the one that has waited longest makes room
  kDropNewest,  ///< the one that would be too many is not sent
  kCoalesce,    ///< one of the same key takes the place of the one that waits; else as kDropOldest
  kClose,       ///< the connection is closed
};

struct SlowClientPolicy {
  WhenSlow when_slow = WhenSlow::kClose;
  /// The number of messages that may wait behind what is being written, at least 1. What happens
  /// to one more is `when_slow`.
  std::size_t capacity = 64;
  /// For kClose: 1013 asks the client to come back later, 1008 does not.
  std::uint16_t close_code = 1013;

  /// Returns the policy for senders that cannot wait: kWait becomes kClose.
  [[nodiscard]] SlowClientPolicy without_wait() const noexcept {
    SlowClientPolicy policy = *this;
    if (when_slow == WhenSlow::kWait) policy.when_slow = WhenSlow::kClose;
    return policy;
  }

  bool operator==(const SlowClientPolicy&) const = default;
};

}  // namespace aiopyr
