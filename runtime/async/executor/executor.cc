#include <atomic>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/loop/signals_blocked.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

/// The threads of the pool. Asio's own pool waits for ever where it gets only some of its threads.
struct Executor::Pool {
  using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  void start_a_thread();

  std::mutex starting;
  std::atomic<std::size_t> pending{0};
  ExecutorCounters counters;
  boost::asio::io_context jobs;
  Guard open = boost::asio::make_work_guard(jobs);
  std::vector<std::thread> threads;
};

/// Starts a thread if one is needed; where that fails, the existing threads do its work.
void Executor::Pool::start_a_thread() {
  const detail::SignalsBlocked blocked;
  try {
    threads.emplace_back([this] { jobs.run(); });
  } catch (const std::system_error& error) {
    if (!threads.empty()) return;
    throw Error("the executor cannot start a thread: " + std::string(error.what()) +
                "; is the limit of processes or of memory reached?");
  }
}

Executor& Loop::default_executor() {
  if (!default_executor_) default_executor_ = std::make_shared<Executor>();
  return *default_executor_;
}

void Loop::set_default_executor(std::shared_ptr<Executor> executor) {
  default_executor_ = std::move(executor);
}

Executor::Executor(Options options) : options_(options), pool_(std::make_unique<Pool>()) {
  if (options_.threads == 0) {
    throw ConfigurationError("an executor needs at least one thread");
  }
  if (options_.counters == nullptr) options_.counters = &pool_->counters;
}

Executor::~Executor() {
  pool_->open.reset();
  for (auto& thread : pool_->threads) thread.join();
}

void Executor::submit(std::function<void()> job, std::function<void()> after) {
  {
    const std::lock_guard lock(pool_->starting);
    const std::size_t threads = pool_->threads.size();
    if (threads < options_.threads && pool_->pending >= threads) pool_->start_a_thread();
    if (pool_->pending >= options_.queue_limit + options_.threads) {
      options_.counters->refused.add();
      throw ExecutorFullError(
          "the executor's queue is full: " + std::to_string(options_.queue_limit) +
          " jobs wait for its " + std::to_string(options_.threads) +
          " threads; raise aiopyr-executor-threads or aiopyr-executor-queue, or send less");
    }
    ++pool_->pending;
    options_.counters->jobs.add();
    options_.counters->queued.add_threadsafe(1);
  }
  boost::asio::post(pool_->jobs, [pool = pool_.get(), counters = options_.counters,
                                  job = std::move(job), after = std::move(after)] {
    counters->queued.add_threadsafe(-1);
    counters->running.add_threadsafe(1);
    job();
    counters->running.add_threadsafe(-1);
    --pool->pending;
    if (after) after();
  });
}

std::size_t Executor::pending() const noexcept { return pool_->pending; }

}  // namespace aiopyr
