#pragma once

#include <cstddef>
#include <cstdint>

/// Describes what happens to messages that others send to a client which reads too slowly:
/// published ones (topics.h) and those sent through a handle (handle.h). A view's own send() waits.
/// Plain values, for any thread.
namespace aiopyr {

enum class WhenSlow : std::uint8_t {
  kWait,        ///< loses nothing: the publisher waits, `co_await topics.publish(...)`
  kDropOldest,  ///< drops the message that has waited longest
  kDropNewest,  ///< drops the new message
  kCoalesce,    ///< replaces a waiting message of the same key; without one, as kDropOldest
  kClose,       ///< closes the connection
};

struct SlowClientPolicy {
  WhenSlow when_slow = WhenSlow::kClose;
  /// The number of messages that may wait behind the bytes being written, at least 1. `when_slow`
  /// decides about one more.
  std::size_t capacity = 64;
  /// The code of kClose: 1013 asks the client to come back later, 1008 does not.
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
