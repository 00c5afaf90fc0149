#pragma once

#include <cstddef>
#include <cstdint>

#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {

class Loop;

/// What may be waited for on a file descriptor; combined with `|`.
enum class FdEvents : std::uint8_t { kNone = 0, kRead = 1, kWrite = 2, kReadWrite = 3 };

constexpr FdEvents operator|(FdEvents a, FdEvents b) noexcept {
  return static_cast<FdEvents>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(FdEvents set, FdEvents wanted) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(wanted)) != 0;
}

/// Watches one file descriptor, level-triggered. Derive from it and say in on_ready() what follows.
///
/// Loop thread only. Several watches may share a descriptor. The destructor stops the watch, and so
/// does the end of its loop; stop it before the descriptor is closed.
class FdWatch : public ListHook {
 public:
  FdWatch() = default;
  virtual ~FdWatch() { stop(); }
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;

  /// Has on_ready() called from the loop each time that one of `events` holds, errors and hang-ups
  /// included, until stop(). Starting again replaces descriptor and events.
  void start(Loop& loop, int fd, FdEvents events);
  void stop() noexcept;

  [[nodiscard]] bool is_active() const noexcept { return loop_ != nullptr; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] FdEvents events() const noexcept { return events_; }

  /// For a loop's backend: calls on_ready(), which may destroy this object. What it throws goes to
  /// the loop's exception handler.
  void notify(FdEvents ready) noexcept;
  /// For a loop's backend: room for its own bookkeeping.
  [[nodiscard]] void* backend() noexcept { return backend_; }

  static constexpr std::size_t kBackendSize = 48;

 private:
  friend class Loop;
  virtual void on_ready(FdEvents ready) = 0;

  Loop* loop_ = nullptr;
  int fd_ = -1;
  FdEvents events_ = FdEvents::kNone;
  alignas(void*) std::byte backend_[kBackendSize] = {};
};

}  // namespace aiopyr
