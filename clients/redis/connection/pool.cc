#include <algorithm>
#include <exception>

#include <aiopyr/clients/redis/connection/pool.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>

namespace aiopyr::redis::detail {

namespace {

Task<Lease> wait_for_lease(std::shared_ptr<clients::Completion<Lease>> waiter) {
  auto answer = clients::wait<Lease>(std::move(waiter));
  co_return co_await answer;
}

}  // namespace

Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_), is_clean_);
}

Pool::Pool(Loop& loop, std::shared_ptr<const ConnectionSettings> settings, Limits limits)
    : loop_(loop), settings_(std::move(settings)), limits_(limits) {}

Task<Lease> Pool::acquire(std::shared_ptr<Pool> pool, std::string_view operation) {
  pool->require_open(operation);
  pool->forget_abandoned();
  const bool has_room = pool->waiting_.empty() &&
                        (!pool->idle_.empty() || pool->lent_.size() < pool->limits_.connections);
  if (has_room) co_return pool->take_or_make();
  if (pool->waiting_.size() >= pool->limits_.waiting) {
    throw PoolExhaustedError(pool->context(operation),
                             "too many wait for a connection of their own (max_waiting)");
  }
  auto waiter = std::make_shared<Waiter>();
  pool->waiting_.push_back(waiter);
  auto waiting = wait_for(wait_for_lease(std::move(waiter)), pool->limits_.acquire_timeout);
  bool is_late = false;
  Lease lease;
  pool->settings_->figures->waiting.add(1);
  const std::shared_ptr<void> counted(
      nullptr, [figures = pool->settings_->figures](void*) { figures->waiting.add(-1); });
  try {
    lease = co_await std::move(waiting);
  } catch (const TimeoutError&) {
    is_late = true;
  }
  if (is_late) {
    throw PoolExhaustedError(pool->context(operation),
                             "all connections of the pool stayed in use for acquire_timeout: raise "
                             "pool, or use fewer blocking commands at a time");
  }
  co_return lease;
}

Lease Pool::take_or_make() {
  std::shared_ptr<Connection> connection;
  if (idle_.empty()) {
    connection = std::make_shared<Connection>(loop_, settings_);
  } else {
    connection = std::move(idle_.back());
    idle_.pop_back();
  }
  lent_.push_back(connection);
  settings_->figures->in_use.add(1);
  return Lease(shared_from_this(), std::move(connection));
}

void Pool::give_back(std::shared_ptr<Connection> connection, bool is_clean) {
  settings_->figures->in_use.add(-1);
  std::erase(lent_, connection);
  note_health(*connection);
  const bool is_reusable =
      is_clean && !is_closed_ && connection->is_ready() && connection->pending() == 0;
  if (is_reusable) {
    idle_.push_back(std::move(connection));
  } else {
    connection->close("its operation was cancelled");
  }
  serve_waiting();
}

/// Notes whether the server could be reached, so that not each operation tries for itself.
void Pool::note_health(const Connection& connection) {
  if (connection.is_away()) backoff_.failed(loop_.now(), clients::random_chance());
  if (connection.is_ready()) backoff_.succeeded();
}

void Pool::serve_waiting() {
  forget_abandoned();
  while (!waiting_.empty() && !is_closed_ &&
         (!idle_.empty() || lent_.size() < limits_.connections)) {
    const auto waiter = std::move(waiting_.front());
    waiting_.pop_front();
    waiter->succeed(take_or_make());
  }
}

void Pool::forget_abandoned() {
  std::erase_if(waiting_, [](const auto& waiter) { return waiter->is_abandoned(); });
}

void Pool::require_open(std::string_view operation) const {
  if (is_closed_) throw ConnectError(context(operation), "the client is closed");
  if (!backoff_.may_try(loop_.now())) {
    throw ConnectError(context(operation), "the server is away, and is tried again later");
  }
}

void Pool::close(const std::string& problem) {
  is_closed_ = true;
  for (const auto& waiter : std::exchange(waiting_, {})) {
    waiter->fail(std::make_exception_ptr(ConnectError(context("acquire"), problem)));
  }
  for (const auto& connection : std::exchange(idle_, {})) connection->close(problem);
  const auto lent = lent_;
  for (const auto& connection : lent) connection->close(problem);
}

}  // namespace aiopyr::redis::detail
