#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

namespace aiopyr::plugin {

/// The cores of a worker that clients may hold while they send their requests' bodies, or read
/// their responses: a part of all, so that clients that are slow with what is not awaited without a
/// core (AwaitedBody, ResponseTails) leave the rest to everybody else. On the loop's thread.
class SlowCores {
 public:
  /// `most` is one at the least.
  explicit SlowCores(std::size_t most) noexcept : most_(std::max<std::size_t>(most, 1)) {}

  /// Returns whether a right could be taken now.
  [[nodiscard]] bool is_free() const noexcept { return taken_ < most_; }

  /// The right to keep a core for a slow client. Must not outlive the cores.
  class Right {
   public:
    Right() noexcept = default;
    ~Right() { give_back(); }
    Right(const Right&) = delete;
    Right& operator=(const Right&) = delete;

    /// Returns whether this has a right of `cores` now.
    bool take(SlowCores& cores) noexcept {
      if (cores_ != nullptr) return true;
      if (!cores.is_free()) return false;
      ++cores.taken_;
      cores_ = &cores;
      return true;
    }
    /// Gives back the right; returns whether this had one.
    bool give_back() noexcept {
      if (cores_ == nullptr) return false;
      --std::exchange(cores_, nullptr)->taken_;
      return true;
    }

   private:
    SlowCores* cores_ = nullptr;
  };

 private:
  std::size_t most_;
  std::size_t taken_ = 0;
};

}  // namespace aiopyr::plugin
