#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/clients/redis/cache.h>
#include <aiopyr/clients/redis/client.h>
#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>

/// The data of a Cache in Redis: values, and the locks of those who compute them.
///
/// A value is a string under `prefix + key`, as it was given, kept for ttl + stale. How long it
/// will be kept says whether it is fresh, so that no clock of another machine matters. A lock is a
/// random token under `lock:` + prefix + key.
namespace aiopyr::redis::detail {

/// A value that was found. `away` says that Redis did not answer, and that the cache does without.
struct CacheEntry {
  std::optional<std::string> value;
  bool is_fresh = false;
  bool is_away = false;
};

class CacheStore {
 public:
  CacheStore(Client& client, CacheOptions options);

  /// Returns the client; null once the cache is destroyed, since the client may be too.
  [[nodiscard]] Client* client() const noexcept { return client_; }
  void close() noexcept { client_ = nullptr; }
  [[nodiscard]] const CacheOptions& options() const& noexcept { return options_; }
  CacheOptions options() && = delete;
  [[nodiscard]] std::string value_name(const std::string& key) const {
    return options_.prefix + key;
  }
  [[nodiscard]] std::string lock_name(const std::string& key) const {
    return "lock:" + options_.prefix + key;
  }
  /// Makes an entry of the replies to GET and PTTL.
  [[nodiscard]] CacheEntry entry(std::optional<std::string> value, std::int64_t remaining) const;
  /// Returns how long a value is kept, in milliseconds.
  [[nodiscard]] std::int64_t kept_for() const noexcept;

 private:
  Client* client_;
  CacheOptions options_;
};

/// The lock of one key, for a flight. Its destructor releases the lock without waiting.
class CacheLock {
 public:
  CacheLock(std::shared_ptr<CacheStore> store, const std::string& key);
  ~CacheLock();
  CacheLock(CacheLock&& other) noexcept;
  CacheLock& operator=(CacheLock&&) = delete;

  [[nodiscard]] bool is_held() const noexcept { return state_ == State::kHeld; }

 private:
  friend Task<CacheEntry> take_lock(std::shared_ptr<CacheStore>, std::string, CacheLock*);
  friend Task<> store_computed(std::shared_ptr<CacheStore>, std::string, CacheLock*, std::string);

  enum class State : std::uint8_t {
    kFree,
    kMaybeHeld,  ///< asked for, and not answered
    kHeld
  };

  std::shared_ptr<CacheStore> store_;  // null when moved from
  std::string name_;
  std::string token_;
  State state_ = State::kFree;
  TimePoint held_until_;
};

/// Looks a value up. Throws ClientError where Redis fails and the cache does not do without.
[[nodiscard]] Task<CacheEntry> look_up(std::shared_ptr<CacheStore> store, std::string key);

/// Tries to take the lock, and looks the value up behind it, in one write: somebody may have stored
/// it since. lock->is_held() says whether the caller has the lock, which it may have inherited.
/// Throws as look_up() does. `lock` must outlive the task.
[[nodiscard]] Task<CacheEntry> take_lock(std::shared_ptr<CacheStore> store, std::string key,
                                         CacheLock* lock);

/// Stores what was computed, and releases the lock, unless the lock was taken away meanwhile: by
/// invalidate(), or by another process after its time. Errors of Redis are dropped: the caller has
/// its value. `lock` must outlive the task.
[[nodiscard]] Task<> store_computed(std::shared_ptr<CacheStore> store, std::string key,
                                    CacheLock* lock, std::string value);

}  // namespace aiopyr::redis::detail
