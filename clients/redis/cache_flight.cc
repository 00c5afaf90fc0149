#include <aiopyr/clients/redis/cache_flight.h>

namespace aiopyr::redis::detail {

Flight::Flight(std::shared_ptr<Flights> flights, std::string key, CacheLock lock)
    : flights_(std::move(flights)), key_(std::move(key)), lock_(std::move(lock)) {
  flights_->flights_.insert_or_assign(key_, this);
}

Flight::~Flight() { leave_table(); }

void Flight::land(std::string value) {
  value_ = std::move(value);
  leader_ = nullptr;
  leave_table();
  if (waiting_.empty()) return;
  Loop& loop = Loop::require("redis::Cache");
  while (!waiting_.empty()) loop.call_soon(waiting_.pop_front());
}

void Flight::leave_table() noexcept {
  if (!flights_) return;
  const auto found = flights_->flights_.find(key_);
  if (found != flights_->flights_.end() && found->second == this) flights_->flights_.erase(found);
  flights_ = nullptr;
}

std::shared_ptr<Flight> Flights::join(const std::shared_ptr<CacheStore>& store,
                                      const std::string& key) {
  const auto found = flights_.find(key);
  if (found != flights_.end()) {
    // A flight that is in the table has a seat, or is being made by its first one.
    return found->second->shared_from_this();
  }
  return std::make_shared<Flight>(shared_from_this(), key, CacheLock(store, key));
}

void Flights::leave(const std::string& key) noexcept {
  const auto found = flights_.find(key);
  if (found != flights_.end()) found->second->leave_table();
}

Seat::~Seat() {
  if (flight_->leader_ != this) return;
  flight_->leader_ = nullptr;
  Loop* const loop = Loop::current();
  if (flight_->waiting_.empty() || loop == nullptr) return;
  Seat& next = flight_->waiting_.pop_front();
  flight_->leader_ = &next;
  loop->call_soon(next);
}

bool Seat::await_ready() noexcept {
  if (flight_->value_) return true;
  if (flight_->leader_ != nullptr) return false;
  flight_->leader_ = this;
  return true;
}

}  // namespace aiopyr::redis::detail
