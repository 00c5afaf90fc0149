#pragma once

#include <cstddef>

namespace aiopyr::detail {

/// Memory for one fiber's stack: mapped on demand, with guard pages below, so that an overflow
/// faults at once and never overwrites other memory.
class FiberStack {
 public:
  /// Maps `size` usable bytes, rounded up to pages. Throws std::bad_alloc.
  explicit FiberStack(std::size_t size);
  ~FiberStack();
  FiberStack(const FiberStack&) = delete;
  FiberStack& operator=(const FiberStack&) = delete;

  [[nodiscard]] std::byte* bottom() const noexcept { return mapping_ + guard_; }
  [[nodiscard]] std::byte* top() const noexcept { return mapping_ + guard_ + size_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Returns the bytes from the top to the deepest page that was used. Asks the kernel, touches no
  /// page.
  [[nodiscard]] std::size_t used() const noexcept;

 private:
  std::byte* mapping_;
  std::size_t guard_;
  std::size_t size_;
  unsigned valgrind_id_;
};

}  // namespace aiopyr::detail
