#include "tests/unit/support/failing_allocations.h"

#include <cstdlib>

namespace aiopyr::testing {
namespace {

struct Count {
  bool is_active = false;
  std::size_t left = 0;  // allocations up to the one that fails
  bool has_failed = false;
  std::ptrdiff_t kept = 0;
};

thread_local Count allocations;

void* allocate(std::size_t size) {
  if (allocations.is_active) {
    if (!allocations.has_failed && allocations.left-- == 0) {
      allocations.has_failed = true;
      throw std::bad_alloc();
    }
    ++allocations.kept;
  }
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* allocate_nothrow(std::size_t size) noexcept {
  try {
    return allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void release(void* memory) noexcept {
  if (allocations.is_active && memory != nullptr) --allocations.kept;
  std::free(memory);
}

}  // namespace

FailingAllocations::FailingAllocations(std::size_t fails_at) noexcept {
  allocations = Count{true, fails_at};
}

FailingAllocations::~FailingAllocations() { allocations.is_active = false; }

bool FailingAllocations::has_failed() const noexcept { return allocations.has_failed; }

std::ptrdiff_t FailingAllocations::kept() const noexcept { return allocations.kept; }

}  // namespace aiopyr::testing

void* operator new(std::size_t size) { return aiopyr::testing::allocate(size); }
void* operator new[](std::size_t size) { return aiopyr::testing::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return aiopyr::testing::allocate_nothrow(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return aiopyr::testing::allocate_nothrow(size);
}
void operator delete(void* memory) noexcept { aiopyr::testing::release(memory); }
void operator delete[](void* memory) noexcept { aiopyr::testing::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { aiopyr::testing::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { aiopyr::testing::release(memory); }
