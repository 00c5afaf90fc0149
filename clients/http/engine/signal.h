#pragma once

#include <coroutine>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>

namespace aiopyr::http {

/// Tells one coroutine that something has changed; it then looks what. Several changes before it
/// looks count as one. Loop thread only.
class Signal {
 public:
  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  void set() noexcept {
    is_set_ = true;
    if (waiter_ == nullptr) return;
    if (Loop* const loop = Loop::current()) loop->call_soon(*std::exchange(waiter_, nullptr));
  }

  class [[nodiscard]] Awaiter {
   public:
    explicit Awaiter(Signal& signal) noexcept : signal_(signal) {}
    Awaiter(const Awaiter&) = delete;
    ~Awaiter() {
      if (signal_.waiter_ == &resumption_) signal_.waiter_ = nullptr;
    }
    [[nodiscard]] bool await_ready() const noexcept { return signal_.is_set_; }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
      resumption_.set(awaiting);
      signal_.waiter_ = &resumption_;
    }
    void await_resume() const noexcept { signal_.is_set_ = false; }

   private:
    Signal& signal_;
    detail::Resumption resumption_;
  };

  /// Returns an awaitable that continues after the next change, in the root context; at once if
  /// there was one since the last wait. The signal has to outlive it.
  [[nodiscard]] Awaiter wait() noexcept { return Awaiter(*this); }

 private:
  bool is_set_ = false;
  Runnable* waiter_ = nullptr;
};

}  // namespace aiopyr::http
