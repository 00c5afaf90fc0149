#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aiopyr::websocket {

/// Empty strings whose memory is used again: as many as a batch of answers needs, and none that is
/// so large that it would hold memory for nobody. One thread at a time.
class SpareStrings {
 public:
  /// Null where there is none.
  [[nodiscard]] std::unique_ptr<std::string> take() noexcept {
    if (spares_.empty()) return nullptr;
    auto spare = std::move(spares_.back());
    spares_.pop_back();
    return spare;
  }

  /// Keeps or frees it; null is neither.
  void give(std::unique_ptr<std::string> spare) noexcept {
    if (!spare || spares_.size() == kMost) return;
    if (spare->capacity() > (spares_.empty() ? kLargest : kLarge)) return;
    spare->clear();
    spares_.push_back(std::move(spare));
  }

  SpareStrings() { spares_.reserve(kMost); }

 private:
  static constexpr std::size_t kMost = 16;
  static constexpr std::size_t kLarge = std::size_t{32} * 1024;
  static constexpr std::size_t kLargest = std::size_t{256} * 1024;  // of the one that is alone

  std::vector<std::unique_ptr<std::string>> spares_;
};

}  // namespace aiopyr::websocket
