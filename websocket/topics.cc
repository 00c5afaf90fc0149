#include <utility>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/websocket/errors.h>
#include <aiopyr/websocket/subscriptions.h>
#include <aiopyr/websocket/topics.h>

namespace aiopyr {

using detail::Subscriptions;

Topics::Topics() : table_(std::make_shared<detail::TopicTable>()) {}

Topics::~Topics() = default;

void Topics::subscribe(Websocket& websocket, std::string_view topic,
                       const SubscribeOptions& options) {
  if (options.slow_client) websocket::require_close_code(options.slow_client->close_code);
  if (!websocket.is_open()) return;
  table_->remember_loop();
  Subscriptions::of(websocket, true)->join(table_->get(topic), options);
}

bool Topics::unsubscribe(Websocket& websocket, std::string_view topic) {
  Subscriptions* subscriptions = Subscriptions::of(websocket, false);
  detail::Topic* found = table_->find(topic);
  return subscriptions != nullptr && found != nullptr && subscriptions->leave(*found);
}

detail::PublishAwaiter Topics::publish(std::string_view topic, const Message& message,
                                       const PublishOptions& options) {
  static_cast<void>(Loop::require("Topics::publish (publish_threadsafe is for other threads)"));
  const auto prepared = std::make_shared<const websocket::PreparedMessage>(message);
  table_->deliver(topic, prepared, options, true);
  return {table_, topic};
}

void Topics::publish_threadsafe(std::string topic, const Message& message, std::string key) {
  auto prepared = std::make_shared<const websocket::PreparedMessage>(message);
  const auto remote = table_->remote();
  // Nobody has ever subscribed.
  if (!remote) return;
  remote->push([weak = std::weak_ptr(table_), topic = std::move(topic), key = std::move(key),
                prepared = std::move(prepared)] {
    if (const auto table = weak.lock()) table->deliver(topic, prepared, {.key = key}, false);
  });
}

std::size_t Topics::subscriber_count(std::string_view topic) const {
  const detail::Topic* found = table_->find(topic);
  return found == nullptr ? 0 : found->count();
}

bool detail::PublishAwaiter::await_ready() const {
  Topic* topic = table_->find(topic_);
  return topic == nullptr || !topic->is_blocked();
}

void detail::PublishAwaiter::await_suspend(std::coroutine_handle<> awaiting) {
  resumption_.set(awaiting);
  table_->find(topic_)->add_waiter(resumption_);
}

}  // namespace aiopyr
