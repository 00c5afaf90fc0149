#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/loop_parts.h>
#include <aiopyr/runtime/async/tasks/kept_call.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {

namespace detail {

/// A task that runs on its own, kept alive by its loop until it ends, and by its handles.
class SpawnedTask : public LoopTask {
 public:
  /// Cancels the task in the next turn of the loop, so never from within the task itself.
  void cancel() noexcept;
  /// Destroys the rest of the task. Root context only, and not from within the task.
  void cancel_now() noexcept override;

  [[nodiscard]] bool is_done() const noexcept { return done_; }
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

  /// Runs `waiter` when the task has ended. Requires: not done.
  void add_waiter(Runnable& waiter) noexcept { waiters_.push_back(waiter); }

 protected:
  SpawnedTask() = default;

  /// Makes the loop keep `self` and start it in its next turn.
  void enlist(Loop& loop, std::shared_ptr<SpawnedTask> self);
  /// Returns the task's loop. Requires: enlisted.
  [[nodiscard]] Loop& loop() const noexcept { return *loop_; }
  /// Ends the task, whatever ended it, and wakes its waiters. May destroy this object.
  void finish(bool cancelled) noexcept;

 private:
  virtual void begin() = 0;
  virtual void drop_task() noexcept = 0;

  class Turn final : public Runnable {
   public:
    explicit Turn(SpawnedTask& task) : task_(task) {}
    void run() override;

   private:
    SpawnedTask& task_;
  };

  Loop* loop_ = nullptr;
  bool done_ = false;
  bool cancelled_ = false;
  bool cancel_requested_ = false;
  Turn turn_{*this};
  IntrusiveList<Runnable> waiters_;
  std::shared_ptr<SpawnedTask> kept_by_loop_;
};

/// Throws the InvalidStateError of a TaskHandle without a task.
[[noreturn]] void throw_empty_handle();

void report_unobserved(const std::exception_ptr& error) noexcept;

/// Returns whether `error` is CancelledError: the end of a task that awaited a cancelled one.
bool is_cancellation(const std::exception_ptr& error) noexcept;

template <class T>
class Spawned final : public SpawnedTask {
 public:
  static std::shared_ptr<Spawned> make(Loop& loop, Task<T> task) {
    auto self = std::shared_ptr<Spawned>(new Spawned(std::move(task)));
    self->enlist(loop, self);
    return self;
  }

  ~Spawned() override {
    if (result_.error()) report_unobserved(result_.error());
  }

  T take_result() {
    if (is_cancelled()) throw CancelledError();
    if (!is_done()) throw InvalidStateError("the result of a task was taken before its end");
    if (taken_) throw InvalidStateError("the result of a task was taken before: it is given once");
    taken_ = true;
    return result_.take();
  }

 private:
  explicit Spawned(Task<T> task) : task_(std::move(task)) {}

  void begin() override {
    if (task_.start(&on_done, this)) on_done(this);
  }
  void drop_task() noexcept override { task_ = Task<T>(); }

  static void on_done(void* argument) {
    auto& self = *static_cast<Spawned*>(argument);
    self.result_.capture([&]() -> T { return self.task_.take_result(); });
    self.task_ = Task<T>();
    const bool cancelled = self.result_.error() && is_cancellation(self.result_.error());
    if (cancelled) self.result_.set_error(nullptr);
    self.finish(cancelled);
  }

  Task<T> task_;
  Result<T> result_;
  bool taken_ = false;
};

template <class T>
class [[nodiscard]] SpawnedAwaiter {
 public:
  explicit SpawnedAwaiter(std::shared_ptr<Spawned<T>> task) : task_(std::move(task)) {}

  [[nodiscard]] bool await_ready() const noexcept { return task_->is_done(); }
  void await_suspend(std::coroutine_handle<> awaiting) noexcept {
    resumption_.set(awaiting);
    task_->add_waiter(resumption_);
  }
  T await_resume() { return task_->take_result(); }

 private:
  std::shared_ptr<Spawned<T>> task_;
  Resumption resumption_;
};

/// A function and its stored arguments whose call returns a task.
template <class F, class... Args>
concept KeptCoroutine = KeptInvocable<F, Args...> && AnyTask<KeptResult<F, Args...>>;

template <class F, class... Args>
auto keep_and_call(F f, Args... args) -> KeptResult<F, Args...> {
  co_return co_await kept_call<F, Args...>(f, args...);
}

/// Runs turns until `task` has ended; cancels it where a turn throws.
template <class T>
class RunToEnd {
 public:
  RunToEnd(Loop& loop, Task<T> task)
      : loop_(loop), task_(Spawned<T>::make(loop, std::move(task))) {}
  ~RunToEnd() { task_->cancel_now(); }
  RunToEnd(const RunToEnd&) = delete;
  RunToEnd& operator=(const RunToEnd&) = delete;

  T run() {
    while (!task_->is_done()) loop_.run_once(true);
    return task_->take_result();
  }

 private:
  Loop& loop_;
  std::shared_ptr<Spawned<T>> task_;
};

}  // namespace detail

/// A handle to a spawned task, as asyncio's Task object is. Dropping it leaves the task running; an
/// exception that is never awaited goes to the loop's exception handler. Loop thread only.
///
/// A default-constructed or moved-from handle has no task: cancel() does nothing, and functions
/// that need the task throw InvalidStateError.
template <class T = void>
class TaskHandle {
 public:
  TaskHandle() = default;
  explicit TaskHandle(std::shared_ptr<detail::Spawned<T>> task) : task_(std::move(task)) {}

  /// Returns whether it has a task.
  [[nodiscard]] explicit operator bool() const noexcept { return task_ != nullptr; }

  /// Cancels the task in the loop's next turn; does nothing if it has ended by then.
  void cancel() noexcept {
    if (task_) task_->cancel();
  }
  [[nodiscard]] bool is_done() const { return task().is_done(); }
  [[nodiscard]] bool is_cancelled() const { return task().is_cancelled(); }

  /// Returns the value or throws the exception, once; throws CancelledError if it was cancelled.
  /// Throws InvalidStateError before the end and the second time.
  T result() { return task().take_result(); }

  /// Awaits the end and returns the same as result(). Continues in the root context. Destroying the
  /// waiting task cancels the wait; the awaited task runs on.
  auto operator co_await() const {
    task();
    return detail::SpawnedAwaiter<T>(task_);
  }

 private:
  detail::Spawned<T>& task() const {
    if (!task_) detail::throw_empty_handle();
    return *task_;
  }

  std::shared_ptr<detail::Spawned<T>> task_;
};

/// Runs a task on its own, starting in the loop's next turn, as asyncio.create_task does. May be
/// called anywhere on the loop's thread, fibers included.
template <class T>
TaskHandle<T> spawn(Task<T> task) {
  return TaskHandle<T>(detail::Spawned<T>::make(Loop::require("spawn"), std::move(task)));
}

/// Runs a coroutine function in the same way, lambdas with captures included: the function and its
/// arguments are kept as long as the task that it makes.
template <class F, class... Args>
requires detail::KeptCoroutine<F, Args...>
auto spawn(F f, Args... args) {
  return spawn(detail::keep_and_call(std::move(f), std::move(args)...));
}

/// Refuses a function that is not a coroutine function, with a sentence.
template <class F, class... Args>
requires(!AnyTask<F> && !detail::KeptCoroutine<F, Args...>) void spawn(F, Args...) {
  static_assert(detail::kNever<F>,
                "nothing to spawn: spawn() takes a Task, or a coroutine function, one that gives a "
                "Task, and its arguments. A plain function goes to run_in_executor() or "
                "spawn_fiber()");
}

/// Runs turns of this thread's loop until `task` has ended, and returns its result. Throws
/// InvalidStateError within the loop's own turns and on a fiber; an exception of a turn cancels the
/// task.
template <class T>
T run_until_complete(Task<T> task) {
  Loop& loop = Loop::require("run_until_complete");
  return detail::RunToEnd<T>(loop, std::move(task)).run();
}

}  // namespace aiopyr
