#pragma once

#include <cstddef>
#include <cstdint>

/// What becomes of messages that others send to a client which reads more slowly than they come:
/// published ones (topics.h) and those sent through a handle (handle.h). A view's own send() waits.
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
  /// So many messages may wait behind what is being written; `when_slow` holds for one more. At
  /// least 1.
  std::size_t capacity = 64;
  /// For kClose: 1013 asks the client to come back later, 1008 does not.
  std::uint16_t close_code = 1013;

  /// The same for senders who cannot wait: they close what they would have waited for.
  [[nodiscard]] SlowClientPolicy without_wait() const noexcept {
    SlowClientPolicy policy = *this;
    if (when_slow == WhenSlow::kWait) policy.when_slow = WhenSlow::kClose;
    return policy;
  }

  bool operator==(const SlowClientPolicy&) const = default;
};

}  // namespace aiopyr
