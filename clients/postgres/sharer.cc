#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <aiopyr/clients/postgres/sharer.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

namespace aiopyr::postgres::detail {

namespace {

/// A statement that takes longer is not worth waiting behind.
constexpr Duration kSlow = std::chrono::milliseconds(20);
/// The work that one connection gets before the next is chosen.
constexpr Duration kTogether = std::chrono::microseconds(500);

}  // namespace

Sharer::~Sharer() {
  figures_.waiting.add(-static_cast<std::int64_t>(waiting_.size()));
  for (Shared& shared : shared_) shared.lease->when_answered(nullptr);
}

void Sharer::submit(std::shared_ptr<Exchange> exchange) {
  Connection* connection = waiting_.empty() ? follow(*exchange) : nullptr;
  if (connection != nullptr) return send(*connection, std::move(exchange));
  connection = choose();
  const bool is_busy = connection == nullptr || connection->in_flight() > 0;
  if (is_busy && grow(connection != nullptr)) connection = choose();
  if (connection != nullptr && waiting_.empty()) return send(*connection, std::move(exchange));
  if (waiting_.size() >= pool_.limits().queue) forget_abandoned();
  if (waiting_.size() >= pool_.limits().queue) {
    std::rethrow_exception(pool_.exhausted(Duration::zero()));
  }
  Loop& loop = Loop::require("a query");
  exchange->since = loop.now();
  const TimePoint limit = limit_of(*exchange);
  waiting_.push_back(std::move(exchange));
  figures_.waiting.add(1);
  if (!deadline_.is_active() || limit < due_) set_deadline(loop, limit);
}

void Sharer::send(Connection& connection, std::shared_ptr<Exchange> exchange) {
  given_ += exchange->usual_time();
  connection.send(std::move(exchange));
}

void Sharer::set_deadline(Loop& loop, TimePoint when) {
  due_ = when;
  deadline_.start(loop, when);
}

/// Gives the places of those whose askers went away to others.
void Sharer::forget_abandoned() {
  const auto gone = std::erase_if(waiting_, [](const auto& one) { return one->is_abandoned(); });
  figures_.waiting.add(-static_cast<std::int64_t>(gone));
}

TimePoint Sharer::limit_of(const Exchange& exchange) const {
  const TimePoint limit = exchange.since + pool_.limits().acquire_timeout;
  return exchange.deadline ? std::min(*exchange.deadline, limit) : limit;
}

bool Sharer::takes_more(const Shared& shared) const {
  const Connection& connection = *shared.lease;
  return !shared.yields && connection.is_open() && connection.in_flight() < pipeline_ &&
         !connection.is_stuck();
}

/// Returns the connection that was chosen last, while what it has got since is quick to do, and
/// this query is, too; null otherwise.
Connection* Sharer::follow(const Exchange& exchange) {
  if (recent_ >= shared_.size()) return nullptr;
  const TimePoint now = Loop::require("a query").now();
  yield_some(now);
  Connection& connection = *shared_[recent_].lease;
  if (!takes_more(shared_[recent_]) || connection.in_flight() == 0) return nullptr;
  if (given_ + exchange.usual_time() > kTogether) return nullptr;
  if (now - connection.head_since() > kSlow) return nullptr;
  return &connection;
}

/// Returns the connection that a query should wait for the shortest time at; null where all are
/// full or yield, or where another one comes that is better than waiting behind a slow statement.
Connection* Sharer::choose() {
  const TimePoint now = Loop::require("a query").now();
  yield_some(now);
  Connection* best = nullptr;
  std::size_t best_cost = 0;
  for (const Shared& shared : shared_) {
    Connection& connection = *shared.lease;
    const std::size_t load = connection.in_flight();
    if (!takes_more(shared)) continue;
    const bool is_slow = load > 0 && now - connection.head_since() > kSlow;
    if (is_slow && obtaining_ && !pool_.is_full()) continue;
    const std::size_t cost = load + (is_slow ? pipeline_ : 0);
    if (best != nullptr && cost >= best_cost) continue;
    best = &connection;
    best_cost = cost;
    recent_ = static_cast<std::size_t>(&shared - shared_.data());
  }
  given_ = Duration::zero();
  return best;
}

/// Marks as many connections as others wait for, those with the least to do, and the old ones.
void Sharer::yield_some(TimePoint now) {
  const std::size_t own = obtaining_ ? 1 : 0;
  std::size_t wanted = pool_.waiting() > own ? pool_.waiting() - own : 0;
  for (Shared& shared : shared_) {
    if (now >= shared.lease.expires()) shared.yields = true;
    if (shared.yields && wanted > 0) --wanted;
  }
  for (; wanted > 0; --wanted) {
    Shared* least = nullptr;
    for (Shared& shared : shared_) {
      if (shared.yields) continue;
      if (least == nullptr || shared.lease->in_flight() < least->lease->in_flight()) {
        least = &shared;
      }
    }
    if (least == nullptr) return;
    least->yields = true;
  }
}

/// Takes one more connection: at once where one is free, else in the pool's order. A full pool is
/// asked only where there is none to wait for. Returns whether another choice may be better now.
bool Sharer::grow(bool has_any) {
  if (auto lease = pool_.try_acquire()) {
    add(std::move(lease));
    return true;
  }
  if (obtaining_ || (has_any && pool_.is_full())) return false;
  std::shared_ptr<void> owner = owner_();
  if (!owner) return false;
  obtaining_ = true;
  spawn(obtain(std::move(owner), *this));
  return true;
}

Task<void> Sharer::obtain(std::shared_ptr<void> owner, Sharer& self) {
  const std::shared_ptr<void> kept = std::move(owner);
  clients::Lease<Connection> lease;
  std::exception_ptr error;
  try {
    lease = co_await self.pool_.acquire();
  } catch (const PoolExhaustedError&) {
    // Who waits has a time limit of its own. Where the pool's queue is full, though, asking again
    // would fail at once, turn after turn.
    if (self.pool_.waiting() >= self.pool_.limits().queue) error = std::current_exception();
  } catch (...) {
    error = std::current_exception();
  }
  self.obtaining_ = false;
  if (lease) {
    Connection& connection = *lease;
    self.add(std::move(lease));
    // Serves those who waited, before it may be wanted by the next.
    while (!self.waiting_.empty() && connection.is_open() &&
           connection.in_flight() < self.pipeline_) {
      self.send_first(connection);
    }
  }
  if (error) self.fail_waiting(error);
  self.send_waiting();
  if (Loop* const loop = Loop::current()) loop->call_soon(self.sweep_);
}

void Sharer::add(clients::Lease<Connection> lease) {
  lease->when_answered(&sweep_);
  shared_.push_back({std::move(lease)});
}

std::shared_ptr<Exchange> Sharer::pop_waiting() {
  auto exchange = std::move(waiting_.front());
  waiting_.pop_front();
  figures_.waiting.add(-1);
  return exchange;
}

/// Sends the one that waits longest, unless nobody waits for it any more.
void Sharer::send_first(Connection& connection) {
  auto exchange = pop_waiting();
  if (exchange->is_abandoned()) return;
  figures_.acquire_times.observe(Loop::current()->now() - exchange->since);
  send(connection, std::move(exchange));
}

void Sharer::send_waiting() {
  while (!waiting_.empty()) {
    Connection* const connection = choose();
    if (connection == nullptr) return;
    send_first(*connection);
  }
  deadline_.stop();
}

void Sharer::fail_waiting(const std::exception_ptr& error) {
  while (!waiting_.empty()) pop_waiting()->fail(error);
}

/// Sends what waits, and gives back the connections that have nothing to do.
void Sharer::sweep() {
  send_waiting();
  for (std::size_t i = 0; i < shared_.size();) {
    Connection& connection = *shared_[i].lease;
    if (connection.in_flight() > 0) {
      ++i;
      continue;
    }
    connection.when_answered(nullptr);
    clients::Lease<Connection> lease = std::move(shared_[i].lease);
    if (i + 1 < shared_.size()) shared_[i] = std::move(shared_.back());
    shared_.pop_back();
  }
  if (waiting_.empty()) return;
  grow(choose() != nullptr);
  send_waiting();
}

void Sharer::check_deadlines() {
  const TimePoint now = Loop::current()->now();
  std::deque<std::shared_ptr<Exchange>> left;
  std::optional<TimePoint> next;
  while (!waiting_.empty()) {
    auto exchange = pop_waiting();
    const TimePoint limit = limit_of(*exchange);
    if (now >= limit) {
      exchange->fail(pool_.exhausted(now - exchange->since));
      continue;
    }
    next = next ? std::min(*next, limit) : limit;
    left.push_back(std::move(exchange));
  }
  figures_.waiting.add(static_cast<std::int64_t>(left.size()));
  waiting_ = std::move(left);
  if (next) set_deadline(*Loop::current(), *next);
}

}  // namespace aiopyr::postgres::detail
