#pragma once

#include <coroutine>

#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {

/// An object that the loop runs once, soon: an element of the loop's ready queue or, before that,
/// of the queue of the object it waits for. The destructor removes it from either.
class Runnable : public ListHook {
 public:
  /// Called by the loop, after removal from the queue; may destroy this object.
  virtual void run() = 0;

 protected:
  ~Runnable() = default;
};

namespace detail {

/// Resumes a suspended coroutine. A member of an awaiter, so it is destroyed when the coroutine is
/// cancelled.
class Resumption final : public Runnable {
 public:
  void set(std::coroutine_handle<> handle) noexcept { handle_ = handle; }
  void run() override { handle_.resume(); }

 private:
  std::coroutine_handle<> handle_;
};

}  // namespace detail
}  // namespace aiopyr
