#include <utility>

#include <aiopyr/websocket/topics/subscriptions.h>

namespace aiopyr::detail {

void Subscription::deliver(const topics::SharedPublication& publication,
                           const topics::Delivery& delivery) {
  const bool is_kept =
      delivery.may_wait ? session_.push(publication, policy_, sender_, delivery.key)
                        : session_.push(publication, policy_.without_wait(), sender_, delivery.key);
  // If the message was not kept, the websocket may have ended, and this object with it.
  if (is_kept) update_blocking();
}

void Subscription::set_policy(const SlowClientPolicy& policy) {
  policy_ = policy;
  update_blocking();
}

void Subscription::update_blocking() {
  if (policy_.when_slow != WhenSlow::kWait) return set_blocking(false);
  set_blocking(session_.outbox().count(sender_) >= policy_.capacity);
}

/// Destroys one after the other: a long chain must not be destroyed by recursion.
Subscriptions::~Subscriptions() {
  while (first_) first_ = std::move(first_->next_);
}

Subscriptions* Subscriptions::find(Websocket& websocket) noexcept {
  return static_cast<Subscriptions*>(websocket::Session::of(websocket).room_listener().get());
}

const Subscriptions* Subscriptions::find(const Websocket& websocket) noexcept {
  return static_cast<const Subscriptions*>(websocket::Session::of(websocket).room_listener());
}

Subscriptions& Subscriptions::of(Websocket& websocket) {
  auto& session = websocket::Session::of(websocket);
  auto& own = session.room_listener();
  if (!own) own = std::make_unique<Subscriptions>(session);
  return *find(websocket);
}

Subscription* Subscriptions::find(const topics::TopicTable& table,
                                  std::string_view topic) const noexcept {
  for (Subscription* found = first_.get(); found != nullptr; found = found->next_.get()) {
    const topics::Topic* its = found->topic();
    if (its != nullptr && &its->table() == &table && its->name() == topic) return found;
  }
  return nullptr;
}

const SlowClientPolicy& Subscriptions::usual_policy() const noexcept {
  return session_.endpoint().slow_client;
}

Subscription& Subscriptions::add(const SlowClientPolicy& policy) {
  auto made = std::make_unique<Subscription>(session_, senders_++, policy);
  made->next_ = std::move(first_);
  first_ = std::move(made);
  return *first_;
}

void Subscriptions::remove(Subscription& subscription) noexcept {
  for (auto* place = &first_; *place; place = &(*place)->next_) {
    if (place->get() != &subscription) continue;
    const auto removed = std::move(*place);
    *place = std::move(removed->next_);
    return;
  }
}

void Subscriptions::on_room() {
  for (Subscription* each = first_.get(); each != nullptr; each = each->next_.get()) {
    each->update_blocking();
  }
}

}  // namespace aiopyr::detail
