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

/// A task that runs on its own: kept by its loop until it ends, and by whoever holds its handle.
class SpawnedTask : public LoopTask {
 public:
  /// Cancels in the next turn of the loop: never from within the task itself.
  void cancel() noexcept;
  /// Root context, and not from within the task: destroys what is left of it.
  void cancel_now() noexcept override;

  [[nodiscard]] bool is_done() const noexcept { return done_; }
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

  /// Has `waiter` run when the task has ended. Requires: not done.
  void add_waiter(Runnable& waiter) noexcept { waiters_.push_back(waiter); }

 protected:
  SpawnedTask() = default;

  /// Makes the loop keep `self` and start it in its next turn.
  void enlist(Loop& loop, std::shared_ptr<SpawnedTask> self);
  /// Requires: enlisted.
  [[nodiscard]] Loop& loop() const noexcept { return *loop_; }
  /// The end, however it came. May destroy this object.
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

/// Whether it is CancelledError: the end of a task that waited for something cancelled.
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

/// F, kept with its arguments, gives a task.
template <class F, class... Args>
concept KeptCoroutine = KeptInvocable<F, Args...> && AnyTask<KeptResult<F, Args...>>;

template <class F, class... Args>
auto keep_and_call(F f, Args... args) -> KeptResult<F, Args...> {
  co_return co_await kept_call<F, Args...>(f, args...);
}

/// Takes turns until `task` has ended; cancels it where a turn throws.
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
/// exception that nobody awaits goes to the loop's exception handler. Loop thread only.
///
/// A default one, and one that was moved from, has no task: cancel() does nothing, whatever asks
/// for the task throws InvalidStateError.
template <class T = void>
class TaskHandle {
 public:
  TaskHandle() = default;
  explicit TaskHandle(std::shared_ptr<detail::Spawned<T>> task) : task_(std::move(task)) {}

  /// Whether it has a task.
  [[nodiscard]] explicit operator bool() const noexcept { return task_ != nullptr; }

  /// Cancels the task in the loop's next turn; nothing happens where it has ended by then.
  void cancel() noexcept {
    if (task_) task_->cancel();
  }
  [[nodiscard]] bool is_done() const { return task().is_done(); }
  [[nodiscard]] bool is_cancelled() const { return task().is_cancelled(); }

  /// The value or the exception, once; CancelledError where it was cancelled. Throws
  /// InvalidStateError before the end and the second time.
  T result() { return task().take_result(); }

  /// Awaits the end and gives the result, as result(). Goes on in the root context. Destroying the
  /// task that waits cancels the wait; the task that is waited for runs on.
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

/// Runs a task on its own, beginning in the loop's next turn, as asyncio.create_task does. From
/// anywhere on the loop's thread, fibers included.
template <class T>
TaskHandle<T> spawn(Task<T> task) {
  return TaskHandle<T>(detail::Spawned<T>::make(Loop::require("spawn"), std::move(task)));
}

/// The same for a coroutine function, a lambda with captures included: it and its arguments are
/// kept as long as the task that it makes.
template <class F, class... Args>
requires detail::KeptCoroutine<F, Args...>
auto spawn(F f, Args... args) {
  return spawn(detail::keep_and_call(std::move(f), std::move(args)...));
}

/// Refuses what is no coroutine function, with a sentence.
template <class F, class... Args>
requires(!AnyTask<F> && !detail::KeptCoroutine<F, Args...>) void spawn(F, Args...) {
  static_assert(detail::kNever<F>,
                "nothing to spawn: spawn() takes a Task, or a coroutine function, one that gives a "
                "Task, and its arguments. A plain function goes to run_in_executor() or "
                "spawn_fiber()");
}

/// Takes turns of this thread's loop until `task` has ended; its result. Throws InvalidStateError
/// within the loop's own turns and on a fiber; what a turn throws cancels the task.
template <class T>
T run_until_complete(Task<T> task) {
  Loop& loop = Loop::require("run_until_complete");
  return detail::RunToEnd<T>(loop, std::move(task)).run();
}

}  // namespace aiopyr
