#include <array>
#include <cstring>
#include <mutex>

#include <aiopyr/runtime/base/throw_sites.h>

namespace aiopyr {

namespace {

/// A ring, as the memory must be there before it is needed: what is thrown may be bad_alloc.
class ThrowSites {
 public:
  void note(const void* thrown, const Backtrace& where) noexcept {
    const std::lock_guard guard(mutex_);
    sites_[next_] = {thrown, where};
    next_ = (next_ + 1) % sites_.size();
  }

  /// The latest comes first: memory of exceptions is used again.
  std::optional<Backtrace> find(const void* thrown) noexcept {
    const std::lock_guard guard(mutex_);
    for (std::size_t back = 1; back <= sites_.size(); ++back) {
      const Site& site = sites_[(next_ + sites_.size() - back) % sites_.size()];
      if (site.thrown == thrown) return site.where;
    }
    return std::nullopt;
  }

 private:
  struct Site {
    const void* thrown = nullptr;
    Backtrace where;
  };

  std::mutex mutex_;
  std::array<Site, 64> sites_{};
  std::size_t next_ = 0;
};

ThrowSites& throw_sites() noexcept {
  static ThrowSites sites;
  return sites;
}

/// libstdc++'s exception_ptr is a pointer to the object that was thrown.
const void* object_of(const std::exception_ptr& error) noexcept {
  static_assert(sizeof(error) == sizeof(void*));
  const void* object = nullptr;
  std::memcpy(&object, static_cast<const void*>(&error), sizeof object);
  return object;
}

}  // namespace

void note_throw(const void* thrown, const Backtrace& where) noexcept {
  throw_sites().note(thrown, where);
}

std::optional<Backtrace> thrown_at(const std::exception_ptr& error) noexcept {
  return error ? throw_sites().find(object_of(error)) : std::nullopt;
}

}  // namespace aiopyr
