#pragma once

#include <memory>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::websocket {

/// Coroutines that wait for the same event, in their order. One pointer if none waits.
class WaitList {
 public:
  [[nodiscard]] bool empty() const noexcept { return !list_ || list_->empty(); }

  void add(Runnable& waiter) {
    if (!list_) list_ = std::make_unique<IntrusiveList<Runnable>>();
    list_->push_back(waiter);
  }

  /// Runs all of them in the loop's next turn.
  void wake() {
    if (!empty()) {
      Loop& loop = Loop::require("a websocket");
      while (!list_->empty()) loop.call_soon(list_->pop_front());
    }
    list_.reset();
  }

 private:
  std::unique_ptr<IntrusiveList<Runnable>> list_;
};

}  // namespace aiopyr::websocket
