#pragma once

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <utility>

#include <aiopyr/runtime/async/loop/exiting.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>

namespace aiopyr {

/// Lets at most `permits` coroutines in at a time, first come first served; as asyncio.Semaphore.
/// Loop thread only.
///
/// It has to outlive its waiters and its permits: an assertion fails where it is destroyed while a
/// coroutine waits. With NDEBUG such a waiter never continues; it can only be cancelled. A static
/// semaphore may be destroyed with waiters when the process ends.
class Semaphore {
 public:
  explicit Semaphore(std::size_t permits) noexcept : free_(permits) {}
  ~Semaphore() {
    assert((waiters_.empty() || detail::is_exiting()) &&
           "a Semaphore, Lock or Queue is destroyed while a coroutine waits for it: keep it until "
           "its waiters have gone on, or cancel their tasks first");
  }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// A permit, given back by the destructor: what `async with semaphore` is in Python.
  class [[nodiscard]] Permit {
   public:
    Permit() = default;
    explicit Permit(Semaphore& semaphore) noexcept : semaphore_(&semaphore) {}
    Permit(Permit&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      release();
      semaphore_ = std::exchange(other.semaphore_, nullptr);
      return *this;
    }
    ~Permit() { release(); }

    void release() noexcept {
      if (semaphore_ != nullptr) std::exchange(semaphore_, nullptr)->release();
    }

    /// Keeps the permit for ever: it is not given back.
    void forget() noexcept { semaphore_ = nullptr; }

   private:
    Semaphore* semaphore_ = nullptr;
  };

  class [[nodiscard]] Awaiter final : public Runnable {
   public:
    explicit Awaiter(Semaphore& semaphore) noexcept : semaphore_(semaphore) {}
    Awaiter(const Awaiter&) = delete;
    /// Passes on a permit that was granted to a coroutine which is cancelled before it continued.
    ~Awaiter() {
      unlink();
      if (granted_) semaphore_.release();
    }

    [[nodiscard]] bool await_ready() noexcept {
      granted_ = semaphore_.try_take();
      return granted_;
    }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
      awaiting_ = awaiting;
      semaphore_.waiters_.push_back(*this);
    }
    [[nodiscard]] Permit await_resume() noexcept {
      granted_ = false;
      return Permit(semaphore_);
    }

   private:
    friend class Semaphore;
    void run() override { awaiting_.resume(); }

    Semaphore& semaphore_;
    std::coroutine_handle<> awaiting_;
    bool granted_ = false;
  };

  /// Returns an awaitable that gives a Permit once one is free and no earlier waiter is left.
  /// Continues in the root context. Destroying the waiting task cancels the wait; a permit granted
  /// to it goes to the next waiter.
  [[nodiscard]] Awaiter acquire() noexcept { return Awaiter(*this); }

  /// Adds one permit, or gives back a permit that was forgotten.
  void add() noexcept { release(); }

  [[nodiscard]] std::size_t available() const noexcept { return free_; }
  [[nodiscard]] bool is_locked() const noexcept { return free_ == 0; }

 private:
  bool try_take() noexcept {
    if (free_ == 0) return false;
    --free_;
    return true;
  }

  void release() noexcept {
    Loop* loop = Loop::current();
    if (waiters_.empty() || loop == nullptr) {
      ++free_;
      return;
    }
    // Hands the permit over directly, so that no newcomer can take it in between.
    Awaiter& next = waiters_.pop_front();
    next.granted_ = true;
    loop->call_soon(next);
  }

  std::size_t free_;
  IntrusiveList<Awaiter> waiters_;
};

}  // namespace aiopyr
