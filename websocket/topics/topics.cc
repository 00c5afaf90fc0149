#include <utility>

#include <aiopyr/websocket/messages/prepared_message.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/topics/subscriptions.h>
#include <aiopyr/websocket/topics/topics.h>

namespace aiopyr {

using detail::Subscriptions;

void Topics::subscribe(Websocket& websocket, std::string_view topic,
                       const SubscribeOptions& options) {
  if (options.slow_client) websocket::require_close_code(options.slow_client->close_code);
  if (!websocket.is_open()) return;
  auto& subscriptions = Subscriptions::of(websocket);
  const auto& policy = options.slow_client ? *options.slow_client : subscriptions.usual_policy();
  if (auto* found = subscriptions.find(table(), topic)) return found->set_policy(policy);
  Hub::subscribe(subscriptions.add(policy), topic);
}

bool Topics::unsubscribe(Websocket& websocket, std::string_view topic) {
  auto* subscriptions = Subscriptions::find(websocket);
  auto* found = subscriptions != nullptr ? subscriptions->find(table(), topic) : nullptr;
  if (found == nullptr) return false;
  subscriptions->remove(*found);
  return true;
}

/// Returns the subscription of the excepted websocket; null if there is none.
const topics::Subscriber* Topics::left_out(std::string_view topic,
                                           const PublishOptions& options) const noexcept {
  if (options.except == nullptr) return nullptr;
  const auto* subscriptions = Subscriptions::find(*options.except);
  return subscriptions != nullptr ? subscriptions->find(table(), topic) : nullptr;
}

topics::PublishAwaiter Topics::publish(std::string_view topic, const Message& message,
                                       const PublishOptions& options) {
  return Hub::publish(topic, websocket::make_publication(message), options.key,
                      left_out(topic, options));
}

void Topics::publish_now(std::string_view topic, const Message& message,
                         const PublishOptions& options) {
  Hub::publish_now(topic, websocket::make_publication(message), options.key,
                   left_out(topic, options));
}

void Topics::publish_threadsafe(std::string topic, const Message& message, std::string key) {
  Hub::publish_threadsafe(std::move(topic), websocket::make_publication(message), std::move(key));
}

}  // namespace aiopyr
