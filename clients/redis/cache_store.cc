#include <algorithm>
#include <chrono>
#include <tuple>

#include <aiopyr/clients/redis/cache_store.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/client_errors.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr::redis::detail {

namespace {

constexpr std::size_t kTokenBytes = 16;

/// KEYS: lock. ARGV: token.
constexpr std::string_view kRelease =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// KEYS: value, lock. ARGV: token, value, milliseconds, whether the lock may be gone.
constexpr std::string_view kStore =
    "local holder = redis.call('GET', KEYS[2]) "
    "if holder == ARGV[1] or (not holder and ARGV[4] == '1') then "
    "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end "
    "if holder == ARGV[1] then redis.call('DEL', KEYS[2]) end return 1";

std::int64_t milliseconds(Seconds time) {
  return std::chrono::ceil<std::chrono::milliseconds>(time.duration()).count();
}

void require_time(Seconds time, std::string_view name) {
  if (time.duration() > Duration::zero()) return;
  throw ConfigurationError("redis::Cache: " + std::string(name) + " has to be longer than 0 s");
}

/// Returns the client, or null where the cache was destroyed and its calls may do without Redis.
Client* client_of(const CacheStore& store) {
  if (store.client() == nullptr && !store.options().compute_without_redis) {
    throw InvalidStateError("redis::Cache: the cache was destroyed while it was asked");
  }
  return store.client();
}

TimePoint now() { return Loop::require("redis::Cache").now(); }

}  // namespace

CacheStore::CacheStore(Client& client, CacheOptions options)
    : client_(&client), options_(std::move(options)) {
  if (options_.prefix.empty() || options_.prefix.starts_with("lock:")) {
    throw ConfigurationError("redis::Cache: the prefix '" + options_.prefix +
                             "' cannot be told from the names of locks: it must not be empty, nor "
                             "begin with 'lock:'");
  }
  require_time(options_.ttl, "ttl");
  require_time(options_.lock, "lock");
}

CacheEntry CacheStore::entry(std::optional<std::string> value, std::int64_t remaining) const {
  constexpr std::int64_t kForever = -1;
  constexpr std::int64_t kGone = -2;
  if (!value || remaining == kGone) return {};
  const bool is_fresh = remaining == kForever || remaining > milliseconds(options_.stale);
  return {std::move(value), is_fresh};
}

std::int64_t CacheStore::kept_for() const noexcept {
  return milliseconds(options_.ttl) + milliseconds(options_.stale);
}

CacheLock::CacheLock(std::shared_ptr<CacheStore> store, const std::string& key)
    : store_(std::move(store)), name_(store_->lock_name(key)), token_(random_hex(kTokenBytes)) {}

CacheLock::CacheLock(CacheLock&& other) noexcept
    : store_(std::move(other.store_)),
      name_(std::move(other.name_)),
      token_(std::move(other.token_)),
      state_(std::exchange(other.state_, State::kFree)),
      held_until_(other.held_until_) {}

CacheLock::~CacheLock() {
  if (state_ == State::kFree || Loop::current() == nullptr) return;
  Client* const client = store_->client();
  if (client == nullptr) return;
  try {
    // The command is sent as the task begins; nobody waits for its answer. Where that fails, the
    // lock ends by its time.
    auto releasing = client->command<void>("EVAL", kRelease, 1, name_, token_);
    releasing.start([](void*) {}, nullptr);
  } catch (const std::exception&) {
    return;
  }
}

Task<CacheEntry> look_up(std::shared_ptr<CacheStore> store, std::string key) {
  CacheEntry found;
  Client* const client = client_of(*store);
  if (client == nullptr) {
    found.is_away = true;
    co_return found;
  }
  const std::string name = store->value_name(key);
  auto asking = client->pipeline<std::optional<std::string>, std::int64_t>(Command("GET", name),
                                                                           Command("PTTL", name));
  try {
    auto [value, remaining] = co_await std::move(asking);
    found = store->entry(std::move(value), remaining);
  } catch (const ClientError&) {
    if (!store->options().compute_without_redis) throw;
    found.is_away = true;
  }
  co_return found;
}

Task<CacheEntry> take_lock(std::shared_ptr<CacheStore> store, std::string key, CacheLock* lock) {
  CacheEntry found;
  Client* const client = client_of(*store);
  if (client == nullptr) {
    found.is_away = true;
    co_return found;
  }
  const std::string name = store->value_name(key);
  const TimePoint until = now() + store->options().lock.duration();
  auto asking =
      client->pipeline<bool, std::optional<std::string>, std::optional<std::string>, std::int64_t>(
          Command("SET", lock->name_, lock->token_, "NX", "PX",
                  milliseconds(store->options().lock)),
          Command("GET", lock->name_), Command("GET", name), Command("PTTL", name));
  lock->state_ = CacheLock::State::kMaybeHeld;
  try {
    auto [is_new, holder, value, remaining] = co_await std::move(asking);
    lock->state_ = holder == lock->token_ ? CacheLock::State::kHeld : CacheLock::State::kFree;
    if (is_new) lock->held_until_ = until;
    found = store->entry(std::move(value), remaining);
  } catch (const ClientError&) {
    if (!store->options().compute_without_redis) throw;
    found.is_away = true;
  }
  co_return found;
}

Task<> store_computed(std::shared_ptr<CacheStore> store, std::string key, CacheLock* lock,
                      std::string value) {
  // A lock that is gone before its time was taken by invalidate().
  const bool may_be_gone = !lock->is_held() || now() >= lock->held_until_;
  Client* const client = store->client();
  if (client == nullptr) co_return;
  auto storing =
      client->command<void>("EVAL", kStore, 2, store->value_name(key), lock->name_, lock->token_,
                            value, store->kept_for(), may_be_gone ? "1" : "0");
  try {
    co_await std::move(storing);
    lock->state_ = CacheLock::State::kFree;
  } catch (const ClientError&) {
    co_return;
  }
}

}  // namespace aiopyr::redis::detail
