#pragma once

#include <coroutine>

#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {

/// Something that the loop is to run once, soon: an element of the loop's ready queue or, before
/// that, of the queue of whatever it waits for. Destroying it takes it out of either.
class Runnable : public ListHook {
 public:
  /// Called from the loop, out of the queue already; may destroy this object.
  virtual void run() = 0;

 protected:
  ~Runnable() = default;
};

namespace detail {

/// Resumes a suspended coroutine. Lives in an awaiter, so it goes when the coroutine is cancelled.
class Resumption final : public Runnable {
 public:
  void set(std::coroutine_handle<> handle) noexcept { handle_ = handle; }
  void run() override { handle_.resume(); }

 private:
  std::coroutine_handle<> handle_;
};

}  // namespace detail
}  // namespace aiopyr
