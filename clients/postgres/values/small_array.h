#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

namespace aiopyr::postgres::detail {

/// An array of plain values that grows at its end. The first `Inline` values lie in the object, so
/// a few cost no allocation. One thread at a time; it throws std::bad_alloc only.
template <class T, std::size_t Inline>
class SmallArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  SmallArray() = default;
  SmallArray(const SmallArray& other) { append(other.data(), other.size_); }
  SmallArray(SmallArray&& other) noexcept
      : size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, Inline)),
        heap_(std::move(other.heap_)) {
    if (!heap_) std::copy_n(other.inline_, size_, inline_);
  }
  SmallArray& operator=(SmallArray other) noexcept {
    size_ = other.size_;
    capacity_ = std::exchange(other.capacity_, Inline);
    heap_ = std::move(other.heap_);
    if (!heap_) std::copy_n(other.inline_, size_, inline_);
    other.size_ = 0;
    return *this;
  }
  ~SmallArray() = default;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] const T* data() const& noexcept { return heap_ ? heap_.get() : inline_; }
  [[nodiscard]] T* data() & noexcept { return heap_ ? heap_.get() : inline_; }
  const T* data() const&& = delete;
  [[nodiscard]] T operator[](std::size_t index) const noexcept { return data()[index]; }
  /// Returns whether the values lie in the object, and none on the heap.
  [[nodiscard]] bool is_inline() const noexcept { return !heap_; }

  void push_back(T value) {
    reserve(size_ + 1);
    data()[size_++] = value;
  }
  void append(const T* values, std::size_t count) {
    if (count == 0) return;
    reserve(size_ + count);
    std::memcpy(data() + size_, values, count * sizeof(T));
    size_ += count;
  }
  void reserve(std::size_t needed) {
    if (needed <= capacity_) return;
    const std::size_t capacity = std::max(needed, 2 * capacity_);
    auto heap = std::make_unique_for_overwrite<T[]>(capacity);
    std::copy_n(data(), size_, heap.get());
    heap_ = std::move(heap);
    capacity_ = capacity;
  }

 private:
  std::size_t size_ = 0;
  std::size_t capacity_ = Inline;
  std::unique_ptr<T[]> heap_;
  T inline_[Inline];
};

}  // namespace aiopyr::postgres::detail
