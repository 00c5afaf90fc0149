#include <algorithm>
#include <chrono>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/redis/cache.h>
#include <aiopyr/clients/redis/cache_flight.h>
#include <aiopyr/clients/redis/cache_store.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::redis {

namespace detail {

/// The parts of a Cache. Shared by the cache and the calls to it.
class CacheCore {
 public:
  CacheCore(Client& client, CacheOptions options)
      : store(std::make_shared<CacheStore>(client, std::move(options))) {}

  [[nodiscard]] Client& require_client() const {
    if (store->client() != nullptr) return *store->client();
    throw InvalidStateError("redis::Cache: the cache was destroyed before it was asked");
  }

  const std::shared_ptr<CacheStore> store;
  const std::shared_ptr<Flights> flights = std::make_shared<Flights>();
};

namespace {

/// The time between two looks at a key that another process computes: doubles, and up to half of it
/// is left to chance.
class PollingDelay {
 public:
  [[nodiscard]] Duration next() {
    const double share = 1.0 - 0.5 * clients::random_chance();
    const Duration delay = std::chrono::duration_cast<Duration>(delay_ * share);
    delay_ = std::min(2 * delay_, kLongest);
    return delay;
  }

 private:
  static constexpr Duration kFirst = std::chrono::milliseconds(10);
  static constexpr Duration kLongest = std::chrono::milliseconds(250);

  Duration delay_ = kFirst;
};

/// Waits until this flight holds the lock, or until another process has stored the value. Gives the
/// value, stale if there is such a one, or none where the caller has to compute: it holds the lock,
/// has waited for the lock's time, or Redis is away.
Task<CacheEntry> lock_or_value(std::shared_ptr<CacheStore> store, std::string key,
                               CacheLock* lock) {
  Loop& loop = Loop::require("redis::Cache");
  const TimePoint until = loop.now() + store->options().lock.duration();
  PollingDelay delay;
  CacheEntry found;
  while (true) {
    auto taking = take_lock(store, key, lock);
    found = co_await std::move(taking);
    if (found.is_fresh || found.is_away) break;
    if (lock->is_held()) {
      found.value = std::nullopt;
      break;
    }
    if (found.value || loop.now() >= until) break;
    const Duration pause = delay.next();
    co_await sleep(pause);
  }
  co_return found;
}

/// Gives the value that the leader of a flight returns, and lands the flight if it is a fresh one.
Task<std::string> lead(std::shared_ptr<CacheStore> store, std::string key, Flight* flight,
                       Compute* compute, bool is_away) {
  CacheEntry found;
  if (!is_away) {
    auto locking = lock_or_value(store, key, &flight->lock());
    found = co_await std::move(locking);
  }
  std::string value;
  if (found.value) {
    value = std::move(*found.value);
    if (found.is_fresh) flight->land(value);
    co_return value;
  }
  auto computing = (*compute)();
  value = co_await std::move(computing);
  // Wakes those who wait before Redis has answered. A caller that comes now looks for the value
  // behind the command that stores it.
  flight->land(value);
  if (!is_away && !found.is_away) {
    auto storing = store_computed(store, key, &flight->lock(), value);
    co_await std::move(storing);
  }
  co_return value;
}

}  // namespace

Task<std::string> get_or_set(std::shared_ptr<CacheCore> core, std::string key, Compute compute) {
  auto looking = look_up(core->store, key);
  CacheEntry found = co_await std::move(looking);
  std::string value;
  if (found.is_fresh) {
    value = std::move(*found.value);
    co_return value;
  }
  Seat seat(core->flights->join(core->store, key));
  if (found.value && seat.flight().has_leader()) {
    value = std::move(*found.value);
    co_return value;
  }
  co_await seat;
  if (const std::string* computed = seat.flight().value()) {
    value = *computed;
    co_return value;
  }
  auto leading = lead(core->store, key, &seat.flight(), &compute, found.is_away);
  value = co_await std::move(leading);
  co_return value;
}

namespace {

Task<std::optional<std::string>> get(std::shared_ptr<CacheCore> core, std::string key) {
  auto asking = core->require_client().get(core->store->value_name(key));
  co_return co_await std::move(asking);
}

Task<bool> invalidate(std::shared_ptr<CacheCore> core, std::string key) {
  core->flights->leave(key);
  auto deleting = core->require_client().pipeline<std::int64_t, std::int64_t>(
      Command("DEL", core->store->value_name(key)), Command("DEL", core->store->lock_name(key)));
  auto [values, locks] = co_await std::move(deleting);
  static_cast<void>(locks);
  co_return values > 0;
}

}  // namespace
}  // namespace detail

Cache::Cache(Client& client, CacheOptions options)
    : core_(std::make_shared<detail::CacheCore>(client, std::move(options))) {}

Cache::~Cache() {
  if (core_) core_->store->close();
}

Task<std::optional<std::string>> Cache::get(std::string_view key) {
  return detail::get(core_, std::string(key));
}

Task<> Cache::set(std::string_view key, std::string value) {
  const detail::CacheStore& store = *core_->store;
  return store.client()->command<void>("SET", store.value_name(std::string(key)), value, "PX",
                                       store.kept_for());
}

Task<bool> Cache::invalidate(std::string_view key) {
  return detail::invalidate(core_, std::string(key));
}

}  // namespace aiopyr::redis
