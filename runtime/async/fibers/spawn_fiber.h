#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/kept_call.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

namespace detail {

/// Runs a function on a fiber for a coroutine that awaits its end.
template <class F>
class [[nodiscard]] FiberAwaiter {
 public:
  using Value = KeptResult<F>;

  explicit FiberAwaiter(F f) : shared_(std::make_shared<Shared>(std::move(f))) {}
  FiberAwaiter(FiberAwaiter&&) = default;
  FiberAwaiter& operator=(FiberAwaiter&&) = delete;
  /// Cancels the fiber if the coroutine was cancelled.
  ~FiberAwaiter() {
    if (shared_ && shared_->fiber != nullptr) shared_->abandon();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  template <class Awaiting>
  bool await_suspend(std::coroutine_handle<Awaiting> awaiting) {
    const std::shared_ptr<Shared> shared = shared_;
    shared->context = context_of(awaiting);
    shared->running_first_part = true;
    Fiber& fiber = Fiber::start(Loop::require("spawn_fiber"), [shared] { shared->run(); });
    shared->running_first_part = false;
    if (shared->result.is_set()) return false;
    shared->fiber = &fiber;
    shared->resumption.set(awaiting);
    return true;
  }

  Value await_resume() { return shared_->result.take(); }

 private:
  /// Outlives the coroutine if the fiber does not end when it is cancelled.
  struct Shared {
    explicit Shared(F function) : f(std::move(function)) {}

    void run() {
      Fiber::current()->set_task_context(context);
      result.capture([this]() -> Value { return std::invoke(f); });
      fiber = nullptr;
      if (!running_first_part && !abandoned) Loop::current()->call_soon(resumption);
    }

    void abandon() {
      abandoned = true;
      fiber->cancel();
    }

    F f;
    Result<Value> result;
    Resumption resumption;
    Fiber* fiber = nullptr;
    TaskContext* context = nullptr;
    bool running_first_part = false;
    bool abandoned = false;
  };

  std::shared_ptr<Shared> shared_;
};

template <class F>
auto run_on_new_fiber(F f) -> Task<KeptResult<F>> {
  co_return co_await FiberAwaiter<F>(std::move(f));
}

}  // namespace detail

/// Returns a coroutine that runs f(arguments...) on a fiber of its own, where synchronized
/// functions may be called, and ends with its result or exception:
/// aiopyramid.helpers.spawn_greenlet. Its awaiter continues in the root context. Cancelling the
/// coroutine throws CancelledError into the fiber's wait.
template <class F, class... Args>
requires detail::KeptInvocable<F, Args...>
auto spawn_fiber(F f, Args... args) {
  return detail::run_on_new_fiber(detail::bind_kept<F, Args...>(std::move(f), std::move(args)...));
}

/// Wraps a function that needs a fiber, so that it may be called from anywhere on the loop's
/// thread. On a fiber it is called at once; in the root context the result is a coroutine that runs
/// it on a new fiber (aiopyramid.helpers.spawn_greenlet_on_scope_error). The coroutine keeps rvalue
/// arguments and refers to lvalues, which have to live until it has ended.
template <class F>
auto spawn_fiber_on_scope_error(F f) {
  return [f = std::move(f)]<class... Args>(Args&&... args) {
    using Value = std::decay_t<std::invoke_result_t<const F&, Args...>>;
    if (current_context() != Context::kFiber) {
      return Deferred<Value>(detail::run_on_new_fiber(
          detail::bind_kept<const F, Args...>(f, std::forward<Args>(args)...)));
    }
    if constexpr (std::is_void_v<Value>) {
      std::invoke(f, std::forward<Args>(args)...);
      return Deferred<void>(std::monostate{});
    } else {
      return Deferred<Value>(std::invoke(f, std::forward<Args>(args)...));
    }
  };
}

}  // namespace aiopyr
