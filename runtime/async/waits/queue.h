#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/waits/semaphore.h>

namespace aiopyr {

/// A first-in first-out queue between coroutines, with room for `capacity` items; as asyncio.Queue
/// with maxsize. Loop thread only. A cancelled put or get loses nothing.
///
/// Has to outlive its waiters, and every put() and get() that has not ended: an assertion fails
/// where it is destroyed while a coroutine waits. Remaining items are destroyed with it.
template <class T>
class Queue {
 public:
  explicit Queue(std::size_t capacity) : room_(capacity) {}

  /// Waits for room, then appends. Continues in the root context; destroying the task cancels the
  /// wait and destroys the item.
  Task<> put(T item) {
    Semaphore::Permit place = co_await room_.acquire();
    append(std::move(item), std::move(place));
  }

  /// Appends if there is room; returns whether there was.
  bool try_put(T& item) {
    if (room_.available() == 0) return false;
    append(std::move(item), take_now(room_));
    return true;
  }

  /// Waits for an item and removes it. Continues in the root context; destroying the task cancels
  /// the wait and leaves the item to the next waiter.
  Task<T> get() {
    Semaphore::Permit item = co_await filled_.acquire();
    co_return remove(std::move(item));
  }

  /// Removes and returns an item, if there is one that no get() is waiting for.
  std::optional<T> try_get() {
    if (filled_.available() == 0) return std::nullopt;
    return remove(take_now(filled_));
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }

 private:
  static Semaphore::Permit take_now(Semaphore& semaphore) {
    Semaphore::Awaiter awaiter = semaphore.acquire();
    static_cast<void>(awaiter.await_ready());
    return awaiter.await_resume();
  }

  void append(T item, Semaphore::Permit place) {
    items_.push_back(std::move(item));
    place.forget();
    filled_.add();
  }

  T remove(Semaphore::Permit permit) {
    T item = std::move(items_.front());
    items_.pop_front();
    permit.forget();
    room_.add();
    return item;
  }

  // Each place is a permit of exactly one of the two, or held by a coroutine that moves it.
  Semaphore room_;
  Semaphore filled_{0};
  std::deque<T> items_;
};

}  // namespace aiopyr
