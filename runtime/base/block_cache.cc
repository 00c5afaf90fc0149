#include <array>
#include <new>

#include <aiopyr/runtime/base/block_cache.h>

#if defined(__SANITIZE_ADDRESS__)
#define AIOPYR_SEES_EVERY_BLOCK
#elif defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#define AIOPYR_SEES_EVERY_BLOCK
#endif
#endif

namespace aiopyr::detail {

#ifdef AIOPYR_SEES_EVERY_BLOCK

// Keeps nothing, so that AddressSanitizer sees every use of a block that was given back.
void* take_block(std::size_t size) { return ::operator new(size); }
void give_block(void* block, std::size_t) noexcept { ::operator delete(block); }

#else

namespace {

constexpr std::size_t kStep = 64;
constexpr std::size_t kLargest = 2048;
constexpr std::size_t kMostBytes = 1 << 20;

struct Block {
  Block* next;
};

/// The blocks that a thread keeps, in a list for each multiple of kStep bytes.
class Shelves {
 public:
  Shelves() = default;
  Shelves(const Shelves&) = delete;
  Shelves& operator=(const Shelves&) = delete;
  ~Shelves() {
    for (Block* first : first_) {
      while (first != nullptr) {
        Block* const next = first->next;
        ::operator delete(first);
        first = next;
      }
    }
  }

  /// Returns a block of list `index`; null where there is none.
  void* take(std::size_t index) noexcept {
    Block* const block = first_[index];
    if (block == nullptr) return nullptr;
    first_[index] = block->next;
    bytes_ -= (index + 1) * kStep;
    return block;
  }

  /// Returns whether it keeps the block.
  bool keep(void* memory, std::size_t index) noexcept {
    if (bytes_ + (index + 1) * kStep > kMostBytes) return false;
    first_[index] = new (memory) Block{first_[index]};
    bytes_ += (index + 1) * kStep;
    return true;
  }

 private:
  std::array<Block*, kLargest / kStep> first_{};
  std::size_t bytes_ = 0;
};

// The linker finds room for them at once; other thread-local variables of a plugin cost a call.
[[gnu::tls_model("initial-exec")]] thread_local Shelves* this_threads_shelves = nullptr;
[[gnu::tls_model("initial-exec")]] thread_local bool is_thread_ending = false;

/// Owns a thread's shelves. What is given back after its end, by other variables of the thread, is
/// freed at once.
class ShelvesOwner {
 public:
  ShelvesOwner() noexcept { this_threads_shelves = &shelves_; }
  ShelvesOwner(const ShelvesOwner&) = delete;
  ShelvesOwner& operator=(const ShelvesOwner&) = delete;
  ~ShelvesOwner() {
    this_threads_shelves = nullptr;
    is_thread_ending = true;
  }

 private:
  Shelves shelves_;
};

Shelves* make_shelves() noexcept {
  if (is_thread_ending) return nullptr;
  static thread_local ShelvesOwner owner;
  return this_threads_shelves;
}

Shelves* shelves() noexcept {
  return this_threads_shelves != nullptr ? this_threads_shelves : make_shelves();
}

std::size_t index_of(std::size_t size) noexcept { return size == 0 ? 0 : (size - 1) / kStep; }

}  // namespace

void* take_block(std::size_t size) {
  if (size > kLargest) return ::operator new(size);
  const std::size_t index = index_of(size);
  if (Shelves* const own = shelves()) {
    if (void* const block = own->take(index)) return block;
  }
  return ::operator new((index + 1) * kStep);
}

void give_block(void* block, std::size_t size) noexcept {
  if (block == nullptr) return;
  Shelves* const own = size <= kLargest ? shelves() : nullptr;
  if (own == nullptr || !own->keep(block, index_of(size))) ::operator delete(block);
}

#endif

}  // namespace aiopyr::detail
