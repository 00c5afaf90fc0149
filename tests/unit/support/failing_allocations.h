#pragma once

#include <cstddef>
#include <new>
#include <optional>

#include <catch2/catch.hpp>

namespace aiopyr::testing {

/// Makes one allocation of this thread throw std::bad_alloc during its lifetime, the one after
/// `fails_at` others, and counts allocations and frees. It uses the test program's operator new, so
/// there may be one at a time.
class FailingAllocations {
 public:
  explicit FailingAllocations(std::size_t fails_at) noexcept;
  ~FailingAllocations();
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;

  /// Returns whether that allocation was reached.
  [[nodiscard]] bool has_failed() const noexcept;
  /// Returns how many allocations were not freed.
  [[nodiscard]] std::ptrdiff_t kept() const noexcept;
};

/// Calls `f` until none of its allocations is left to fail: each failure has to come out as
/// std::bad_alloc, with nothing kept. `f` makes no checks, which allocate too. Destroys the result
/// of `f` when no allocation fails any more.
template <class F>
void fail_each_allocation(F f) {
  static_cast<void>(f());  // initializes what is made only once
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
    // Negative if memory from an earlier pool was freed.
    CHECK(kept <= 0);
    REQUIRE(position < 10'000);
    REQUIRE((has_failed || position > 0));
  }
}

}  // namespace aiopyr::testing
