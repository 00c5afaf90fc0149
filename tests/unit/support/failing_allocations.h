#pragma once

#include <cstddef>
#include <new>
#include <optional>

#include <catch2/catch.hpp>

namespace aiopyr::testing {

/// While it lives, the allocation of this thread that comes after `fails_at` others throws
/// std::bad_alloc, and what is allocated and freed is counted. All of the test program's operator
/// new: one at a time.
class FailingAllocations {
 public:
  explicit FailingAllocations(std::size_t fails_at) noexcept;
  ~FailingAllocations();
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;

  /// Whether there was one to fail.
  [[nodiscard]] bool has_failed() const noexcept;
  /// Allocations that were not freed.
  [[nodiscard]] std::ptrdiff_t kept() const noexcept;
};

/// Calls `f` until none of its allocations is left to fail: each that fails has to come out as
/// std::bad_alloc, with nothing kept. `f` makes no checks: those allocate too. What it returns is
/// destroyed when no allocation fails any more.
template <class F>
void fail_each_allocation(F f) {
  static_cast<void>(f());  // what is made once stays
  bool has_failed = true;
  for (std::size_t position = 0; has_failed; ++position) {
    std::optional<decltype(f())> result;
    std::ptrdiff_t kept = 0;
    {
      const FailingAllocations failing(position);
      try {
        result.emplace(f());
      } catch (const std::bad_alloc&) {
        kept = failing.kept();
      }
      has_failed = failing.has_failed();
    }
    INFO("allocation " << position);
    CHECK(result.has_value() != has_failed);
    // Less than nothing: what had been pooled before.
    CHECK(kept <= 0);
    REQUIRE(position < 10'000);
    REQUIRE((has_failed || position > 0));
  }
}

}  // namespace aiopyr::testing
