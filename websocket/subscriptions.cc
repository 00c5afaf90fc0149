#include <algorithm>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/websocket/subscriptions.h>

namespace aiopyr::detail {

Subscriptions::~Subscriptions() {
  for (const auto& place : places_) {
    if (place->topic != nullptr) place->topic->remove(*place);
  }
}

Subscriptions* Subscriptions::of(Websocket& websocket, bool make) {
  if (!websocket.subscriptions_ && make) {
    websocket.subscriptions_ = std::make_unique<Subscriptions>(websocket);
  }
  return websocket.subscriptions_.get();
}

Subscriptions::Places::iterator Subscriptions::find(const Topic& topic) {
  return std::find_if(places_.begin(), places_.end(),
                      [&](const auto& place) { return place->topic == &topic; });
}

void Subscriptions::join(Topic& topic, const SubscribeOptions& options) {
  const auto& policy = options.slow_client ? *options.slow_client : websocket_.slow_client();
  if (const auto place = find(topic); place != places_.end()) {
    (*place)->policy = policy;
    return;
  }
  places_.push_back(std::make_unique<Subscription>(websocket_, topic, policy));
  topic.add(*places_.back());
}

bool Subscriptions::leave(Topic& topic) {
  const auto place = find(topic);
  if (place == places_.end()) return false;
  topic.remove(**place);
  places_.erase(place);
  return true;
}

void Subscriptions::on_room() {
  for (const auto& place : places_) {
    if (place->topic != nullptr) place->topic->wake_waiters();
  }
}

Topic::~Topic() {
  subscriptions_.for_each([](Subscription& subscription) { subscription.topic = nullptr; });
}

void Topic::add(Subscription& subscription) noexcept {
  subscriptions_.push_back(subscription);
  ++count_;
}

void Topic::remove(Subscription& subscription) noexcept {
  subscription.unlink();
  subscription.topic = nullptr;
  --count_;
  wake_waiters();
  end_if_unused();
}

void Topic::end_if_unused() noexcept {
  if (count_ == 0 && !delivering_) table_.erase(name_);
}

void Topic::deliver(const websocket::SharedMessage& message, const PublishOptions& options,
                    bool waits) {
  delivering_ = true;
  subscriptions_.for_each([&](Subscription& subscription) {
    auto& websocket = subscription.websocket;
    if (&websocket == options.except) return;
    const auto policy = waits ? subscription.policy : subscription.policy.without_wait();
    websocket.push(message, policy, this, options.key);
  });
  delivering_ = false;
  end_if_unused();
}

bool Topic::is_blocked() {
  bool blocked = false;
  subscriptions_.for_each([&](Subscription& subscription) {
    const auto& [when_slow, capacity, code] = subscription.policy;
    const auto& backlog = subscription.websocket.backlog_;
    blocked =
        blocked || (when_slow == WhenSlow::kWait && backlog && backlog->count(this) >= capacity);
  });
  return blocked;
}

void Topic::wake_waiters() {
  if (waiters_.empty() || is_blocked()) return;
  Loop& loop = Loop::require("Topics");
  while (!waiters_.empty()) loop.call_soon(waiters_.pop_front());
}

Topic& TopicTable::get(std::string_view name) {
  const auto found = topics_.find(name);
  if (found != topics_.end()) return found->second;
  return topics_.try_emplace(std::string(name), *this, name).first->second;
}

Topic* TopicTable::find(std::string_view name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

void TopicTable::erase(std::string_view name) noexcept {
  const auto found = topics_.find(name);
  if (found != topics_.end()) topics_.erase(found);
}

void TopicTable::deliver(std::string_view name, const websocket::SharedMessage& message,
                         const PublishOptions& options, bool waits) {
  if (Topic* topic = find(name)) topic->deliver(message, options, waits);
}

std::shared_ptr<RemoteQueue> TopicTable::remote() const {
  const std::scoped_lock lock(mutex_);
  return remote_;
}

void TopicTable::remember_loop() {
  const auto& remote = Loop::require("Topics::subscribe").remote();
  const std::scoped_lock lock(mutex_);
  remote_ = remote;
}

}  // namespace aiopyr::detail
