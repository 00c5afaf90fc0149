#pragma once

#include <cstdint>
#include <optional>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::clients {

/// Says when to connect again to a server that is away: after a delay that doubles with each
/// failure up to a limit, and of which up to half is left to chance, so that the workers of many
/// machines do not come back in step. Until then callers fail at once instead of waiting.
///
/// A value without I/O; the caller gives the time.
class Backoff {
 public:
  struct Limits {
    Duration first = std::chrono::milliseconds(100);
    Duration longest = std::chrono::seconds(10);
  };

  Backoff() : Backoff(Limits{}) {}
  explicit Backoff(Limits limits) noexcept : limits_(limits) {}

  /// Returns whether the server may be tried now.
  [[nodiscard]] bool may_try(TimePoint now) const noexcept { return !until_ || now >= *until_; }
  /// Returns when it may be tried; nullopt for at once.
  [[nodiscard]] std::optional<TimePoint> until() const noexcept { return until_; }
  /// Returns how many attempts have failed since the last success.
  [[nodiscard]] std::uint32_t failures() const noexcept { return failures_; }

  /// Notes a failed attempt. `chance` is a random number from 0 to 1.
  void failed(TimePoint now, double chance) noexcept;
  /// Notes a success: the next failure begins with the shortest delay.
  void succeeded() noexcept;

 private:
  Limits limits_;
  std::optional<TimePoint> until_;
  std::uint32_t failures_ = 0;
};

/// Returns a random number from 0 to 1, not for secrets. Each process has numbers of its own, also
/// after a fork. Loop thread only.
[[nodiscard]] double random_chance();

}  // namespace aiopyr::clients
