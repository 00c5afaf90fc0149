#pragma once

#include <cstddef>
#include <memory>

namespace aiopyr::plugin {

/// A number of bytes that many users share, each of which gives its part back in the end. On the
/// loop's thread.
class Budget {
 public:
  explicit Budget(std::size_t most) : most_(most) {}

  /// Returns whether `bytes` are left.
  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept {
    return bytes <= most_ && *taken_ <= most_ - bytes;
  }
  /// Returns a part of `bytes`, taken as long as the result lives, even if the Budget does not;
  /// null if there are not so many. Throws std::bad_alloc, with nothing taken.
  [[nodiscard]] std::shared_ptr<void> take(std::size_t bytes) {
    if (!has_room(bytes)) return nullptr;
    *taken_ += bytes;
    return {taken_.get(), [taken = taken_, bytes](void*) { *taken -= bytes; }};
  }

 private:
  std::size_t most_;
  std::shared_ptr<std::size_t> taken_ = std::make_shared<std::size_t>(0);
};

}  // namespace aiopyr::plugin
