#include <algorithm>

#include <aiopyr/clients/http/engine/places.h>
#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::http {

namespace {

// The origins that are remembered without a user; more are forgotten at once.
constexpr std::size_t kMostOrigins = 1000;

}  // namespace

class Places::Awaiter final : public Runnable {
 public:
  Awaiter(Places& places, Origin& origin) noexcept : places_(places), origin_(origin) {
    ++origin_.waiting;
    ++places_.waiting_;
    places_.figures_.waiting.add(1);
    places_.queue_.push_back(*this);
  }
  Awaiter(const Awaiter&) = delete;
  ~Awaiter() {
    unlink();
    places_.figures_.waiting.add(-1);
    --places_.waiting_;
    --origin_.waiting;
    // The place goes back by its own destructor, which may let in the next.
    if (!place_ && !is_taken_) places_.forget_if_unused(origin_);
  }

  [[nodiscard]] bool await_ready() const noexcept { return place_.has_value(); }
  void await_suspend(std::coroutine_handle<> awaiting) noexcept { awaiting_ = awaiting; }
  Place await_resume() noexcept {
    is_taken_ = true;
    return *std::exchange(place_, std::nullopt);
  }

 private:
  friend class Places;
  void run() override { awaiting_.resume(); }

  Places& places_;
  Origin& origin_;
  std::coroutine_handle<> awaiting_;
  std::optional<Place> place_;
  bool is_taken_ = false;
};

void Places::Place::set_shared() noexcept {
  if (places_ == nullptr || origin_->is_shared) return;
  origin_->is_shared = true;
  places_->let_in();
}

Places::Origin& Places::origin_of(const std::string& name) {
  const auto found = origins_.find(name);
  if (found != origins_.end()) return found->second;
  Origin& origin = origins_[name];
  origin.name = name;
  return origin;
}

bool Places::has_room(const Origin& origin) const noexcept {
  if (origin.is_shared && origin.used > 0) return origin.used < limits_.streams_per_origin;
  return used_ < limits_.connections && origin.used < limits_.connections_per_origin;
}

Places::Place Places::occupy(Origin& origin) noexcept {
  const std::size_t cost = origin.is_shared && origin.used > 0 ? 0 : 1;
  ++origin.used;
  used_ += cost;
  figures_.in_use.add(1);
  return {*this, origin, cost};
}

std::optional<Places::Place> Places::try_take(const std::string& name) {
  Origin& origin = origin_of(name);
  if (origin.waiting > 0 || !has_room(origin)) {
    forget_if_unused(origin);
    return std::nullopt;
  }
  return occupy(origin);
}

Task<Places::Place> Places::take(std::string name) {
  Awaiter awaiter(*this, origin_of(name));
  const TimePoint begun = Clock::now();
  Place place = co_await awaiter;
  figures_.acquire_times.observe(Clock::now() - begun);
  co_return place;
}

void Places::give_back(Origin& origin, std::size_t cost) noexcept {
  --origin.used;
  used_ -= cost;
  figures_.in_use.add(-1);
  let_in();
  forget_if_unused(origin);
}

void Places::let_in() noexcept {
  Loop* const loop = Loop::current();
  if (loop == nullptr) return;
  queue_.for_each([&](Runnable& each) {
    auto& waiter = static_cast<Awaiter&>(each);
    if (!has_room(waiter.origin_)) return;
    waiter.place_ = occupy(waiter.origin_);
    loop->call_soon(waiter);  // takes it out of the queue
  });
}

void Places::forget_if_unused(Origin& origin) noexcept {
  if (origin.used > 0 || origin.waiting > 0) return;
  if (origin.is_shared && origins_.size() <= kMostOrigins) return;
  const std::string name = origin.name;
  origins_.erase(name);
}

}  // namespace aiopyr::http
