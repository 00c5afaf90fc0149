#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aiopyr::websocket {

/// Keeps empty strings so that their memory is reused: as many as a batch of answers needs, at most
/// one of them large. Frees larger ones. One thread at a time.
class SpareStrings {
 public:
  SpareStrings() { spares_.reserve(kMost); }

  /// Returns a string, the large one first; null if there is none.
  [[nodiscard]] std::unique_ptr<std::string> take() noexcept {
    if (large_ || spares_.empty()) return std::move(large_);
    auto spare = std::move(spares_.back());
    spares_.pop_back();
    return spare;
  }

  /// Keeps or frees the string; ignores null.
  void give(std::unique_ptr<std::string> spare) noexcept {
    if (!spare || spare->capacity() > kLargest) return;
    spare->clear();
    if (spare->capacity() > kLarge) {
      large_ = std::move(spare);
    } else if (spares_.size() < kMost) {
      spares_.push_back(std::move(spare));
    }
  }

 private:
  static constexpr std::size_t kMost = 16;
  static constexpr std::size_t kLarge = std::size_t{32} * 1024;
  static constexpr std::size_t kLargest = std::size_t{256} * 1024;

  std::vector<std::unique_ptr<std::string>> spares_;
  std::unique_ptr<std::string> large_;
};

}  // namespace aiopyr::websocket
