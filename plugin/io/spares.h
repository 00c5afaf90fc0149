#pragma once

#include <array>
#include <cstddef>

namespace aiopyr::plugin {

/// What is used for a moment and kept for the next time: of as many as are in use at the same
/// moment, as a rule. Owns nothing: what it does not take is its giver's to free.
///
/// On the loop's thread.
template <class T>
class Spares {
 public:
  /// One of them; null where there is none.
  [[nodiscard]] T* take() noexcept { return count_ > 0 ? kept_[--count_] : nullptr; }

  /// Returns whether there was a place for it.
  [[nodiscard]] bool keep(T* spare) noexcept {
    if (count_ == kept_.size()) return false;
    kept_[count_++] = spare;
    return true;
  }

 private:
  std::array<T*, 16> kept_{};
  std::size_t count_ = 0;
};

}  // namespace aiopyr::plugin
