#pragma once

#include <cstddef>

namespace aiopyr::detail {

/// Returns memory of at least `size` bytes, aligned as by operator new: a block that this thread
/// has given back where there is one. For objects that come and go many at a time, such as
/// coroutine frames: malloc keeps only seven blocks of each size ready. Any thread. Throws
/// std::bad_alloc.
[[nodiscard]] void* take_block(std::size_t size);

/// Takes such memory back, on any thread; each keeps up to a MiB, until it ends. Requires the size
/// with which it was taken.
void give_block(void* block, std::size_t size) noexcept;

/// Allocates from there, for std::allocate_shared. Containers that grow gain nothing.
template <class T>
class BlockAllocator {
 public:
  using value_type = T;

  BlockAllocator() noexcept = default;
  template <class U>
  BlockAllocator(const BlockAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] T* allocate(std::size_t count) {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return static_cast<T*>(take_block(count * sizeof(T)));
  }
  void deallocate(T* block, std::size_t count) noexcept { give_block(block, count * sizeof(T)); }

  template <class U>
  bool operator==(const BlockAllocator<U>&) const noexcept {
    return true;
  }
};

}  // namespace aiopyr::detail
