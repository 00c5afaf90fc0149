#pragma once

#include <array>
#include <cstddef>

namespace aiopyr::plugin {

/// Keeps objects that are used for a moment for the next time: usually as many as are in use at
/// once. Owns nothing: the caller frees an object that it does not keep.
///
/// On the loop's thread.
template <class T>
class Spares {
 public:
  /// Returns a kept object; null if there is none.
  [[nodiscard]] T* take() noexcept { return count_ > 0 ? kept_[--count_] : nullptr; }

  /// Keeps an object; returns whether there was a place for it.
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
