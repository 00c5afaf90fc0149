#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::redis {

class Client;

/// The settings of a Cache. For designated initializers, in this order.
struct CacheOptions {
  /// Of all keys of the cache, such as `jobs:`. Locks are below `lock:` and the prefix, so it may
  /// not be empty, nor begin with `lock:`.
  std::string prefix;
  /// The time for which a value is fresh; at least a millisecond.
  Seconds ttl = 60;
  /// The time for which it is kept after that, for callers who wait while one computes it anew.
  Seconds stale = 0;
  /// The longest time that a computation should take. When it is over, another process may compute
  /// too.
  Seconds lock = 10;
  /// Computes without Redis when that fails; otherwise get_or_set() throws its ClientError.
  bool compute_without_redis = true;
};

namespace detail {

class CacheCore;

using Compute = std::function<Task<std::string>()>;

[[nodiscard]] Task<std::string> get_or_set(std::shared_ptr<CacheCore> core, std::string key,
                                           Compute compute);

template <class F>
concept Computes = std::is_invocable_r_v<Task<std::string>, F&>;

}  // namespace detail

/// Values in Redis that are computed when they are missing, by one caller at a time.
///
///     redis::Cache cache(client, {.prefix = "jobs:", .ttl = 60, .stale = 300});
///     std::string page = co_await cache.get_or_set("front", [&]() -> Task<std::string> {
///       co_return co_await render_front_page();
///     });
///
/// Guards against stampedes: of the callers in this process that miss a key one computes, and the
/// others wait for its value. Across processes, a lock in Redis has one of them compute. While a
/// stale value is there, nobody else waits: they get that one. The others ask again, ever less
/// often, until the value is there; after the lock's time they compute themselves.
///
/// A computation belongs to its caller: it runs in that coroutine, with that request's deadline,
/// and its exception goes to that caller only. The next waiting caller then computes, as it does
/// when the first one is destroyed. What is computed is not stored if the key was invalidated
/// meanwhile.
///
/// On the loop's thread, in coroutines, which continue in the root context. A coroutine may be
/// destroyed at any await. The client must outlive the cache. The cache may be destroyed while
/// calls run: they go on without Redis.
class Cache {
 public:
  /// Throws ConfigurationError for a prefix that cannot be used and for times of zero.
  Cache(Client& client, CacheOptions options);
  ~Cache();
  Cache(Cache&&) noexcept = default;
  Cache& operator=(Cache&&) = delete;

  /// Returns the value of `key`. If there is no fresh one, it is computed by `compute`, a coroutine
  /// function without parameters that gives a std::string, and stored. Throws what `compute`
  /// throws. Errors of Redis are thrown only without compute_without_redis; a value that was
  /// computed but could not be stored is returned all the same.
  template <class F>
  [[nodiscard]] Task<std::string> get_or_set(std::string_view key, F compute) {
    if constexpr (detail::Computes<F>) {
      return detail::get_or_set(core_, std::string(key), detail::Compute(std::move(compute)));
    } else {
      static_assert(detail::Computes<F>,
                    "this computes no value of a cache: pass a coroutine function without "
                    "parameters, `[...]() -> Task<std::string> { ... }`");
    }
  }

  // These throw ClientError where Redis fails.

  /// Returns the value, fresh or stale; nullopt if there is none.
  [[nodiscard]] Task<std::optional<std::string>> get(std::string_view key);
  /// Stores a value, as if it had just been computed.
  [[nodiscard]] Task<> set(std::string_view key, std::string value);
  /// Removes the value, stale or not; what is being computed now will not be stored. Returns
  /// whether there was one.
  [[nodiscard]] Task<bool> invalidate(std::string_view key);

 private:
  std::shared_ptr<detail::CacheCore> core_;
};

}  // namespace aiopyr::redis
