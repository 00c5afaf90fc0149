#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include <aiopyr/runtime/base/throw_sites.h>

namespace aiopyr {

namespace {

/// A fixed set of slots, allocated in advance since the thrown exception may be bad_alloc. A slot
/// is taken from the throw until the exception is destroyed.
class ThrowSites {
 public:
  struct Site {
    const void* thrown = nullptr;  // null where the slot is free
    DestroyException destroy = nullptr;
    Backtrace where;
  };

  /// Takes a free slot and returns its index; kMostThrowSites where none is free.
  std::size_t take(const Site& site) noexcept {
    const std::lock_guard guard(mutex_);
    // Searches from behind the last slot taken: long-lived ones are skipped once, not each time.
    for (std::size_t tried = 0; tried < sites_.size(); ++tried) {
      const std::size_t slot = next_;
      next_ = (next_ + 1) % sites_.size();
      if (sites_[slot].thrown != nullptr) continue;
      sites_[slot] = site;
      return slot;
    }
    return kMostThrowSites;
  }

  DestroyException give_back(std::size_t slot) noexcept {
    const std::lock_guard guard(mutex_);
    sites_[slot].thrown = nullptr;
    return sites_[slot].destroy;
  }

  std::optional<Backtrace> find(const void* thrown) noexcept {
    const std::lock_guard guard(mutex_);
    for (const Site& site : sites_) {
      if (site.thrown == thrown) return site.where;
    }
    return std::nullopt;
  }

 private:
  std::mutex mutex_;
  std::array<Site, kMostThrowSites> sites_{};
  std::size_t next_ = 0;
};

ThrowSites& throw_sites() noexcept {
  static ThrowSites sites;
  return sites;
}

/// Frees a slot and destroys its exception. An exception object stores its destructor and nothing
/// else of ours, so each slot has a destructor of its own.
template <std::size_t kSlot>
void forget_and_destroy(void* thrown) {
  const DestroyException destroy = throw_sites().give_back(kSlot);
  if (destroy != nullptr) destroy(thrown);
}

template <std::size_t... kSlots>
constexpr std::array<DestroyException, kMostThrowSites> make_destroyers(
    std::index_sequence<kSlots...>) {
  return {forget_and_destroy<kSlots>...};
}

constexpr auto kDestroyers = make_destroyers(std::make_index_sequence<kMostThrowSites>());

/// Returns the thrown object's address: libstdc++'s exception_ptr is a pointer to that object.
const void* object_of(const std::exception_ptr& error) noexcept {
  static_assert(sizeof(error) == sizeof(void*));
  const void* object = nullptr;
  std::memcpy(&object, static_cast<const void*>(&error), sizeof object);
  return object;
}

}  // namespace

DestroyException note_throw(const void* thrown, DestroyException destroy,
                            const Backtrace& where) noexcept {
  const std::size_t slot = throw_sites().take({thrown, destroy, where});
  return slot < kMostThrowSites ? kDestroyers[slot] : destroy;
}

std::optional<Backtrace> thrown_at(const std::exception_ptr& error) noexcept {
  return error ? throw_sites().find(object_of(error)) : std::nullopt;
}

}  // namespace aiopyr
