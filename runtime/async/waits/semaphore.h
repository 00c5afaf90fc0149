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
/// It has to outlive its waiters and its permits: destroying it while somebody waits is an error
/// that is asserted. With NDEBUG such a waiter never goes on; it can only be cancelled. A static
/// one may be destroyed so when the process ends.
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

  /// A permit, given back when this is destroyed: what `async with semaphore` is in Python.
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

    /// Keeps the permit for good: it is not given back.
    void forget() noexcept { semaphore_ = nullptr; }

   private:
    Semaphore* semaphore_ = nullptr;
  };

  class [[nodiscard]] Awaiter final : public Runnable {
   public:
    explicit Awaiter(Semaphore& semaphore) noexcept : semaphore_(semaphore) {}
    Awaiter(const Awaiter&) = delete;
    /// Passes on a permit that was granted to a coroutine which is cancelled before it went on.
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

  /// Awaitable: gives a Permit as soon as one is free and nobody waits who came before; goes on in
  /// the root context. Destroying the task that waits cancels the wait; a permit that was meant for
  /// it goes to the next.
  [[nodiscard]] Awaiter acquire() noexcept { return Awaiter(*this); }

  /// Adds one permit, or gives back one that was forgotten.
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
    // The permit goes from hand to hand, so that no newcomer gets in between.
    Awaiter& next = waiters_.pop_front();
    next.granted_ = true;
    loop->call_soon(next);
  }

  std::size_t free_;
  IntrusiveList<Awaiter> waiters_;
};

}  // namespace aiopyr
