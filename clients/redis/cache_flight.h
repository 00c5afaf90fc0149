#pragma once

#include <coroutine>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/clients/redis/cache_store.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>

/// Chooses the caller in this process that computes a value of a Cache.
namespace aiopyr::redis::detail {

class Flights;
class Seat;

/// The callers that want one key at the same time: one leads and computes, the others wait. When
/// the leader goes without a value, because its computation has failed or its coroutine was
/// destroyed, the one that has waited longest leads. Owned by its seats; it releases the lock in
/// Redis when the last of them is gone. Loop thread only.
class Flight : public std::enable_shared_from_this<Flight> {
 public:
  Flight(std::shared_ptr<Flights> flights, std::string key, CacheLock lock);
  ~Flight();
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  [[nodiscard]] bool has_leader() const noexcept { return leader_ != nullptr; }
  /// Returns the value; null before land().
  [[nodiscard]] const std::string* value() const noexcept { return value_ ? &*value_ : nullptr; }
  /// Gives the value to all that wait. Those that come later do not find this flight.
  void land(std::string value);
  /// Makes those that come from now on begin another flight.
  void leave_table() noexcept;

  /// Returns the lock in Redis, which a leader inherits from the one before.
  [[nodiscard]] CacheLock& lock() & noexcept { return lock_; }

 private:
  friend class Seat;

  std::shared_ptr<Flights> flights_;  // null once it has left the table
  std::string key_;
  CacheLock lock_;
  Seat* leader_ = nullptr;
  std::optional<std::string> value_;
  IntrusiveList<Seat> waiting_;
};

/// The flights of a cache, by key. Shared by the cache and its flights.
class Flights : public std::enable_shared_from_this<Flights> {
 public:
  /// Returns the flight to `key`, made if there is none.
  [[nodiscard]] std::shared_ptr<Flight> join(const std::shared_ptr<CacheStore>& store,
                                             const std::string& key);
  /// Makes callers from now on begin a new flight to `key`.
  void leave(const std::string& key) noexcept;

 private:
  friend class Flight;
  std::map<std::string, Flight*, std::less<>> flights_;
};

/// The place of one caller in a flight, in its coroutine's frame: `co_await seat` continues when it
/// leads, or when the value is there. Destroying it gives the lead to the next. To be awaited once,
/// in the root context, where it continues.
class Seat final : public Runnable {
 public:
  explicit Seat(std::shared_ptr<Flight> flight) noexcept : flight_(std::move(flight)) {}
  ~Seat();

  [[nodiscard]] bool await_ready() noexcept;
  void await_suspend(std::coroutine_handle<> awaiting) noexcept {
    awaiting_ = awaiting;
    flight_->waiting_.push_back(*this);
  }
  void await_resume() const noexcept {}

  void run() override { awaiting_.resume(); }

  [[nodiscard]] Flight& flight() & noexcept { return *flight_; }

 private:
  std::shared_ptr<Flight> flight_;
  std::coroutine_handle<> awaiting_;
};

}  // namespace aiopyr::redis::detail
