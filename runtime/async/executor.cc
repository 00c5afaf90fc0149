#include <mutex>
#include <string>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <aiopyr/runtime/async/executor.h>
#include <aiopyr/runtime/async/signals_blocked.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

struct Executor::Pool {
  std::mutex starting;
  std::atomic<std::size_t> pending{0};
  std::unique_ptr<boost::asio::thread_pool> threads;
};

Executor::Executor(Options options) : options_(options), pool_(std::make_unique<Pool>()) {
  if (options_.threads == 0) {
    throw ConfigurationError("an executor needs at least one thread");
  }
}

Executor::~Executor() {
  if (pool_->threads) pool_->threads->join();
}

void Executor::submit(std::function<void()> job, std::function<void()> after) {
  {
    const std::lock_guard lock(pool_->starting);
    if (!pool_->threads) {
      const detail::SignalsBlocked blocked;
      pool_->threads = std::make_unique<boost::asio::thread_pool>(options_.threads);
    }
    if (pool_->pending >= options_.queue_limit + options_.threads) {
      throw ExecutorFullError(
          "the executor's queue is full: " + std::to_string(options_.queue_limit) +
          " jobs wait for its " + std::to_string(options_.threads) +
          " threads; raise aiopyr-executor-threads or aiopyr-executor-queue, or send less");
    }
    ++pool_->pending;
  }
  boost::asio::post(*pool_->threads,
                    [pool = pool_.get(), job = std::move(job), after = std::move(after)] {
                      job();
                      --pool->pending;
                      if (after) after();
                    });
}

std::size_t Executor::pending() const noexcept { return pool_->pending; }

}  // namespace aiopyr
