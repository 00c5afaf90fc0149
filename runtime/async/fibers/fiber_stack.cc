#include <algorithm>
#include <array>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include <aiopyr/runtime/async/fibers/fiber_stack.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(start, end) 0U
#define VALGRIND_STACK_DEREGISTER(id) static_cast<void>(id)
#endif

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(address, size) static_cast<void>(0)
#endif

namespace aiopyr::detail {

namespace {

/// The number of guard pages: more than one, so that a function with a large frame does not step
/// over them. They cost addresses, not memory.
constexpr std::size_t kGuardPages = 16;

/// How many pages one mincore() asks about.
constexpr std::size_t kPagesAtATime = 256;

}  // namespace

FiberStack::FiberStack(std::size_t size)
    : guard_(kGuardPages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
      size_((size + guard_ - 1) / guard_ * guard_) {
  void* mapping = ::mmap(nullptr, guard_ + size_, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  if (::mprotect(mapping, guard_, PROT_NONE) != 0) {
    ::munmap(mapping, guard_ + size_);
    throw std::bad_alloc();
  }
  mapping_ = static_cast<std::byte*>(mapping);
  valgrind_id_ = VALGRIND_STACK_REGISTER(bottom(), top());
}

FiberStack::~FiberStack() {
  VALGRIND_STACK_DEREGISTER(valgrind_id_);
  // Removes the red zones of the last frames, which were left and not returned from; a later
  // mapping at this place must not inherit them.
  ASAN_UNPOISON_MEMORY_REGION(mapping_, guard_ + size_);
  ::munmap(mapping_, guard_ + size_);
}

/// Counts resident pages: a page of an anonymous mapping is resident once it was touched. Pages
/// that were swapped out since then do not count.
std::size_t FiberStack::used() const noexcept {
  const auto page = guard_ / kGuardPages;
  std::array<unsigned char, kPagesAtATime> resident{};
  for (std::byte* from = bottom(); from < top(); from += resident.size() * page) {
    const auto size = std::min(static_cast<std::size_t>(top() - from), resident.size() * page);
    if (::mincore(from, size, resident.data()) != 0) return 0;
    auto* const end = resident.data() + size / page;
    auto* const first =
        std::find_if(resident.data(), end, [](unsigned char flags) { return (flags & 1) != 0; });
    if (first != end) {
      return static_cast<std::size_t>(top() - from) -
             static_cast<std::size_t>(first - resident.data()) * page;
    }
  }
  return 0;
}

}  // namespace aiopyr::detail
