#pragma once

#include <cstddef>
#include <cstdint>

#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {

class Loop;

/// The events to wait for on a file descriptor; combined with `|`.
enum class FdEvents : std::uint8_t { kNone = 0, kRead = 1, kWrite = 2, kReadWrite = 3 };

constexpr FdEvents operator|(FdEvents a, FdEvents b) noexcept {
  return static_cast<FdEvents>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(FdEvents set, FdEvents wanted) noexcept {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(wanted)) != 0;
}

/// Watches one file descriptor, level-triggered. Derived classes implement on_ready().
///
/// Loop thread only. Several watches may share a descriptor. The destructor stops the watch, and so
/// does the end of its loop; stop it before the descriptor is closed.
class FdWatch : public ListHook {
 public:
  FdWatch() = default;
  virtual ~FdWatch() { stop(); }
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;

  /// Calls on_ready() from the loop each time one of `events` holds, errors and hang-ups included,
  /// until stop(). Starting again replaces descriptor and events.
  void start(Loop& loop, int fd, FdEvents events);
  void stop() noexcept;

  [[nodiscard]] bool is_active() const noexcept { return loop_ != nullptr; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] FdEvents events() const noexcept { return events_; }

  /// Calls on_ready(), which may destroy this object; for a loop's backend. Exceptions go to the
  /// loop's exception handler.
  void notify(FdEvents ready) noexcept;
  /// Returns memory for a backend's own bookkeeping, kBackendSize bytes.
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
