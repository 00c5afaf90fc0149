#pragma once

#include <atomic>
#include <cstdint>

/// Counters and gauges. Each is written by one thread only (but for the functions that end in
/// `_threadsafe`) and read by any thread; in shared memory, by any process. Nothing takes a lock,
/// and counting costs as much as with a plain integer. Memory that is all zeros needs no
/// constructor.
namespace aiopyr::metrics {

/// A number that only grows.
class Counter {
 public:
  /// Adds. Called by its one writer only.
  void add(std::uint64_t more = 1) noexcept {
    at().store(value_ + more, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return at().load(std::memory_order_relaxed);
  }
  /// Returns the address of its eight bytes, for readers that take one.
  [[nodiscard]] const void* address() const noexcept { return &value_; }

 private:
  // std::atomic_ref of a const type exists only from C++26 on.
  [[nodiscard]] std::atomic_ref<std::uint64_t> at() const noexcept {
    return std::atomic_ref(const_cast<std::uint64_t&>(value_));
  }

  alignas(std::atomic_ref<std::uint64_t>::required_alignment) std::uint64_t value_ = 0;
};

/// A number that goes up and down.
class Gauge {
 public:
  // Called by its one writer only.
  void set(std::int64_t value) noexcept { at().store(value, std::memory_order_relaxed); }
  void add(std::int64_t more) noexcept { set(value_ + more); }
  void raise_to(std::int64_t value) noexcept {
    if (value > value_) set(value);
  }

  /// Adds, where several threads write.
  void add_threadsafe(std::int64_t more) noexcept {
    at().fetch_add(more, std::memory_order_relaxed);
  }

  [[nodiscard]] std::int64_t value() const noexcept { return at().load(std::memory_order_relaxed); }
  [[nodiscard]] const void* address() const noexcept { return &value_; }

 private:
  [[nodiscard]] std::atomic_ref<std::int64_t> at() const noexcept {
    return std::atomic_ref(const_cast<std::int64_t&>(value_));
  }

  alignas(std::atomic_ref<std::int64_t>::required_alignment) std::int64_t value_ = 0;
};

}  // namespace aiopyr::metrics
