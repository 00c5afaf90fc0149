#include <algorithm>
#include <utility>

#include <aiopyr/clients/base/pool_core.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>

namespace aiopyr::clients::detail {

namespace {

std::string in_seconds(Duration time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  if (milliseconds % 1000 == 0) return std::to_string(milliseconds / 1000) + " s";
  return std::to_string(milliseconds) + " ms";
}

std::string problem_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an unknown exception";
  }
}

}  // namespace

PoolCore::PoolCore(ClientError::Context context, PoolLimits limits, metrics::ClientFigures& figures,
                   ConnectionMaker maker)
    : context_(std::move(context)), limits_(limits), figures_(figures), maker_(std::move(maker)) {
  limits_.size = std::max<std::size_t>(limits_.size, 1);
  limits_.connecting = std::max<std::size_t>(limits_.connecting, 1);
}

PoolCore::~PoolCore() = default;

std::unique_ptr<PoolPlace> PoolCore::try_take() {
  const TimePoint now = Loop::require("a client's pool").now();
  if (waiting_ > 0 || closing_) return nullptr;
  while (!idle_.empty()) {
    Place place = std::move(idle_.back());
    idle_.pop_back();
    if (place->connection->is_open() && now < place->expires) {
      lent_.push_back(*place);
      figures_.in_use.add(1);
      return place;
    }
    discard(std::move(place));
  }
  return nullptr;
}

void PoolCore::throw_if_refused(TimePoint now) const {
  if (closing_) throw ConnectError(context_, "the pool is closed, since the worker ends");
  if (waiting_ >= limits_.queue) {
    throw PoolExhaustedError(context_, "too many wait for a connection: " + state() +
                                           ": raise pool_size or pool_queue, or hold connections "
                                           "for a shorter time");
  }
  if (open_ == 0 && !backoff_.may_try(now)) {
    throw ConnectError(context_, "the server is away, and is tried again in " +
                                     in_seconds(*backoff_.until() - now) + "; " + last_problem_);
  }
}

std::string PoolCore::state() const {
  return std::to_string(open_) + " of " + std::to_string(limits_.size) + " connections are open (" +
         std::to_string(connecting_) + " are being made, " + std::to_string(idle_.size()) +
         " are free), " + std::to_string(waiting_) + " wait";
}

std::exception_ptr PoolCore::too_late(Duration waited) const {
  return std::make_exception_ptr(PoolExhaustedError(
      context_, "no connection became free within " + in_seconds(waited) + ": " + state() +
                    ": raise pool_size or acquire_timeout, or hold connections for a shorter "
                    "time"));
}

void PoolCore::enqueue(PoolWaiter& waiter, std::optional<TimePoint> until) {
  Loop& loop = Loop::require("a client's pool");
  const TimePoint now = loop.now();
  throw_if_refused(now);
  const TimePoint latest = now + limits_.acquire_timeout;
  waiter.since_ = now;
  waiter.deadline_.start(loop, until ? std::min(*until, latest) : latest);
  waiter.queued_ = true;
  waiters_.push_back(waiter);
  ++waiting_;
  figures_.waiting.add(1);
  connect_as_needed();
}

void PoolCore::withdraw(PoolWaiter& waiter) noexcept {
  if (!std::exchange(waiter.queued_, false)) return;
  waiter.unlink();
  waiter.deadline_.stop();
  --waiting_;
  figures_.waiting.add(-1);
}

void PoolCore::connect_as_needed() {
  Loop* loop = Loop::current();
  if (loop == nullptr) return;
  while (waiting_ > connecting_ && open_ < limits_.size && connecting_ < limits_.connecting) {
    if (!backoff_.may_try(loop->now())) {
      retry_timer_.start(*loop, *backoff_.until());
      return;
    }
    spawn(connect_one(shared_from_this()));
    ++open_;
    ++connecting_;
  }
}

Task<void> PoolCore::connect_one(std::shared_ptr<PoolCore> core) {
  std::unique_ptr<PooledConnection> connection;
  std::exception_ptr error;
  try {
    auto making = core->maker_();
    connection = co_await std::move(making);
  } catch (...) {
    error = std::current_exception();
  }
  --core->connecting_;
  if (error) {
    core->connect_failed(error);
  } else {
    core->connected(std::move(connection));
  }
}

void PoolCore::connected(std::unique_ptr<PooledConnection> connection) {
  figures_.connects.add();
  figures_.connections.add(1);
  backoff_.succeeded();
  auto place = std::make_unique<PoolPlace>();
  place->connection = std::move(connection);
  const double share = 1 - 0.2 * random_chance();
  place->expires =
      Loop::current()->now() + std::chrono::duration_cast<Duration>(limits_.max_lifetime * share);
  offer(std::move(place));
  connect_as_needed();
}

void PoolCore::connect_failed(const std::exception_ptr& error) {
  figures_.connect_failures.add();
  last_problem_ = problem_of(error);
  backoff_.failed(Loop::current()->now(), random_chance());
  forget_place();
  // Keeps those who wait: they may still get a connection that is lent now.
  if (open_ == 0) fail_waiters(error);
}

void PoolCore::offer(Place place) noexcept {
  Loop* loop = Loop::current();
  if (waiting_ > 0) {
    grant(std::move(place));
  } else if (closing_ || loop == nullptr) {
    discard(std::move(place));
  } else {
    place->idle_since = loop->now();
    idle_.push_back(std::move(place));
    if (!idle_timer_.is_active()) close_idle();
  }
}

void PoolCore::grant(Place place) noexcept {
  PoolWaiter& waiter = waiters_.front();
  withdraw(waiter);
  Loop* loop = Loop::current();
  figures_.acquire_times.observe(loop->now() - waiter.since_);
  figures_.in_use.add(1);
  lent_.push_back(*place);
  waiter.place_ = std::move(place);
  loop->call_soon(waiter);
}

void PoolCore::give_back(Place place) noexcept {
  place->unlink();
  figures_.in_use.add(-1);
  Loop* loop = Loop::current();
  if (loop == nullptr || !place->connection->is_open() || loop->now() >= place->expires) {
    discard(std::move(place));
  } else if (place->connection->is_clean()) {
    offer(std::move(place));
  } else {
    spawn(clean_up(shared_from_this(), std::move(place)));
  }
}

Task<void> PoolCore::clean_up(std::shared_ptr<PoolCore> core, Place place) {
  bool done = false;
  try {
    auto cleaning = wait_for(place->connection->clean(), Seconds(core->limits_.cleanup_timeout));
    co_await std::move(cleaning);
    done = true;
  } catch (...) {
    done = false;
  }
  if (done && place->connection->is_open() && place->connection->is_clean()) {
    core->offer(std::move(place));
  } else {
    core->discard(std::move(place));
  }
}

void PoolCore::discard(Place place) noexcept {
  place.reset();
  figures_.connections.add(-1);
  forget_place();
}

void PoolCore::forget_place() noexcept {
  --open_;
  if (open_ == 0 && closing_) drained_.set();
  connect_as_needed();
}

void PoolCore::close_idle() noexcept {
  Loop* loop = Loop::current();
  if (loop == nullptr) return;
  const TimePoint now = loop->now();
  std::vector<Place> kept;
  std::size_t spare = open_ > limits_.min_size ? open_ - limits_.min_size : 0;
  std::vector<Place> all = std::exchange(idle_, {});
  std::optional<TimePoint> next;
  for (Place& place : all) {
    const TimePoint rests_until = place->idle_since + limits_.idle_timeout;
    const bool is_idle = spare > 0 && now >= rests_until;
    if (is_idle || now >= place->expires || !place->connection->is_open()) {
      spare -= spare > 0 ? 1 : 0;
      discard(std::move(place));
      continue;
    }
    const TimePoint end =
        now < rests_until ? std::min(rests_until, place->expires) : place->expires;
    next = next ? std::min(*next, end) : end;
    kept.push_back(std::move(place));
  }
  idle_ = std::move(kept);
  if (next) idle_timer_.start(*loop, *next);
}

void PoolCore::fail_waiters(const std::exception_ptr& error) noexcept {
  Loop* loop = Loop::current();
  while (!waiters_.empty()) {
    PoolWaiter& waiter = waiters_.front();
    withdraw(waiter);
    waiter.error_ = error;
    loop->call_soon(waiter);
  }
}

void PoolCore::begin_to_close() noexcept {
  closing_ = true;
  while (!idle_.empty()) {
    Place place = std::move(idle_.back());
    idle_.pop_back();
    discard(std::move(place));
  }
  idle_timer_.stop();
  if (open_ == 0) drained_.set();
}

void PoolCore::fail_all_waiters() noexcept {
  if (Loop::current() == nullptr) return;
  fail_waiters(std::make_exception_ptr(
      ConnectError(context_, "the pool was closed while a connection was waited for")));
}

void PoolCore::close_now() noexcept {
  begin_to_close();
  fail_all_waiters();
  lent_.for_each([](PoolPlace& place) { place.connection->close(); });
}

PoolWaiter::~PoolWaiter() {
  core_->withdraw(*this);
  unlink();
  if (place_) core_->give_back(std::move(place_));
}

void PoolWaiter::time_out() {
  const Duration waited = Loop::current()->now() - since_;
  error_ = core_->too_late(waited);
  core_->withdraw(*this);
  Loop::current()->call_soon(*this);
}

}  // namespace aiopyr::clients::detail
