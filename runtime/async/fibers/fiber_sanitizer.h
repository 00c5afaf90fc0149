#pragma once

#include <cstddef>

/// Tells AddressSanitizer and ThreadSanitizer that the stack changes; empty in other builds.
/// Internal to runtime/async/fibers.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AIOPYR_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define AIOPYR_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define AIOPYR_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define AIOPYR_TSAN 1
#endif

#if defined(AIOPYR_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(AIOPYR_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace aiopyr::detail {

/// One side of a switch: the state that the sanitizers keep for a stack while it is left.
class SanitizedStack {
 public:
#if defined(AIOPYR_ASAN)
  static constexpr bool kBigFrames = true;
  void leave_for(const void* bottom, std::size_t size) noexcept {
    __sanitizer_start_switch_fiber(&fake_stack_, bottom, size);
  }
  /// Leaves this stack for ever, otherwise as leave_for().
  void leave_for_good(const void* bottom, std::size_t size) noexcept {
    __sanitizer_start_switch_fiber(nullptr, bottom, size);
  }
  /// Called back on this stack; returns the bounds of the stack it came from.
  void arrive(const void** from_bottom, std::size_t* from_size) noexcept {
    __sanitizer_finish_switch_fiber(fake_stack_, from_bottom, from_size);
  }
#else
  static constexpr bool kBigFrames = false;
  void leave_for(const void*, std::size_t) noexcept {}
  void leave_for_good(const void*, std::size_t) noexcept {}
  void arrive(const void**, std::size_t*) noexcept {}
#endif

#if defined(AIOPYR_TSAN)
  void make_fiber() noexcept { tsan_ = __tsan_create_fiber(0); }
  void adopt_thread() noexcept { tsan_ = __tsan_get_current_fiber(); }
  void drop_fiber() noexcept { __tsan_destroy_fiber(tsan_); }
  void announce() noexcept { __tsan_switch_to_fiber(tsan_, 0); }
#else
  void make_fiber() noexcept {}
  void adopt_thread() noexcept {}
  void drop_fiber() noexcept {}
  void announce() noexcept {}
#endif

 private:
#if defined(AIOPYR_ASAN)
  void* fake_stack_ = nullptr;
#endif
#if defined(AIOPYR_TSAN)
  void* tsan_ = nullptr;
#endif
};

}  // namespace aiopyr::detail
