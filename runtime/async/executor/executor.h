#pragma once

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/async/tasks/kept_call.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

/// A pool of threads for blocking code, with a bounded queue. Threads start as jobs need them, so
/// after fork, and have every signal blocked: signals go to the loop's thread.
///
/// submit() may be called from any thread; the destructor waits until every job is done.
class Executor {
 public:
  struct Options {
    std::size_t threads = 32;
    std::size_t queue_limit = 1000;  ///< jobs that wait for a thread; more are refused
    /// The counters to use, which have to outlive the executor. Null: it uses its own.
    ExecutorCounters* counters = nullptr;
  };

  Executor() : Executor(Options{}) {}
  explicit Executor(Options options);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Queues `job`, which must not throw. Throws ExecutorFullError if the queue is at its limit.
  /// Calls `after`, which must not throw either, on the job's thread once the job has left the
  /// pool: it may submit the next job at once.
  void submit(std::function<void()> job, std::function<void()> after = nullptr);

  /// Returns how many jobs run or wait for a thread now.
  [[nodiscard]] std::size_t pending() const noexcept;
  [[nodiscard]] const ExecutorCounters& counters() const noexcept { return *options_.counters; }
  [[nodiscard]] const Options& options() const noexcept { return options_; }

 private:
  struct Pool;
  Options options_;
  std::unique_ptr<Pool> pool_;
};

namespace detail {

template <class F>
class [[nodiscard]] ExecutorAwaiter {
 public:
  using Value = KeptResult<F>;

  ExecutorAwaiter(Executor& executor, F f)
      : executor_(executor), job_(std::make_shared<Job>(std::move(f))) {}
  ExecutorAwaiter(ExecutorAwaiter&&) = default;
  ExecutorAwaiter& operator=(ExecutorAwaiter&&) = delete;
  /// Cancels the wait: a job that waits for a thread does not begin; a running one continues, and
  /// its result is dropped.
  ~ExecutorAwaiter() {
    if (job_) job_->abandoned = true;
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  void await_suspend(std::coroutine_handle<> awaiting) {
    Loop& loop = Loop::require("run_in_executor");
    // The job has one owner at a time: it moves to its thread and back to the loop, so that what it
    // holds is destroyed on the loop's thread. (Once the loop is gone, it is destroyed where it
    // is.)
    auto carried = std::make_shared<std::shared_ptr<Job>>(job_);
    executor_.submit([carried] { (*carried)->run(); },
                     [carried, remote = loop.remote()] {
                       remote->push([job = std::move(*carried)] { job->arrive(); });
                     });
    loop.expect_remote();
    job_->awaiting = awaiting;
  }

  Value await_resume() { return job_->result.take(); }

 private:
  struct Job {
    explicit Job(F function) : f(std::move(function)) {}

    void run() {
      if (!abandoned) result.capture([this]() -> Value { return std::invoke(*f); });
    }

    void arrive() {
      Loop::current()->remote_arrived();
      f.reset();
      if (!abandoned) awaiting.resume();
    }

    std::optional<F> f;
    Result<Value> result;
    std::coroutine_handle<> awaiting;
    std::atomic<bool> abandoned{false};
  };

  Executor& executor_;
  std::shared_ptr<Job> job_;
};

template <class F>
auto run_in(std::shared_ptr<Executor> keep, Executor* executor, F f) -> Task<KeptResult<F>> {
  static_cast<void>(keep);
  Executor& chosen =
      executor != nullptr ? *executor : Loop::require("run_in_executor").default_executor();
  co_return co_await ExecutorAwaiter<F>(chosen, std::move(f));
}

}  // namespace detail

/// Returns a coroutine that runs f(arguments...), copied, in a thread of the loop's default
/// executor and ends with its result or exception; asyncio's run_in_executor. Throws
/// ExecutorFullError when awaited while the queue is full. f must not use the loop, synchronized
/// functions or the request. Continues in the root context. Cancelling it drops the result of a
/// running job, and a job that has not begun. Name a lambda that captures strings before the
/// co_await: docs/runtime.md, pitfalls.
template <class F, class... Args>
requires detail::KeptInvocable<F, Args...>
auto run_in_executor(F f, Args... args) {
  return detail::run_in(nullptr, nullptr,
                        detail::bind_kept<F, Args...>(std::move(f), std::move(args)...));
}

/// Runs f in the given pool instead, which is kept until the job is done.
template <class F, class... Args>
requires detail::KeptInvocable<F, Args...>
auto run_in_executor(std::shared_ptr<Executor> executor, F f, Args... args) {
  Executor* pool = executor.get();
  return detail::run_in(std::move(executor), pool,
                        detail::bind_kept<F, Args...>(std::move(f), std::move(args)...));
}

/// Returns a coroutine function made from a blocking function: each call runs in a thread of
/// `executor`, or of the loop's default pool (aiopyramid.helpers.use_executor).
template <class F>
auto use_executor(F f, std::shared_ptr<Executor> executor = nullptr) {
  return [f = std::move(f), executor = std::move(executor)](auto... args) {
    return detail::run_in(executor, executor.get(),
                          detail::bind_kept<F, decltype(args)...>(f, std::move(args)...));
  };
}

}  // namespace aiopyr
