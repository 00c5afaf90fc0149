#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/topics/hub.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/messages/slow_client.h>

namespace aiopyr {

class Websocket;

struct SubscribeOptions {
  /// The policy for this topic's messages if the client is too slow. Default: that of the view's
  /// mapper, WebsocketOptions::slow_client.
  std::optional<SlowClientPolicy> slow_client{};
};

struct PublishOptions {
  /// The key for WhenSlow::kCoalesce: a later message of the same key supersedes an earlier one.
  std::string_view key{};
  /// The websocket that does not get it, usually the sender of the message.
  const Websocket* except = nullptr;
};

/// Broadcasts messages: websockets subscribe to topics, and a message that is published to a topic
/// goes to all of them. A message is encoded once for all recipients, and one slow client delays
/// nobody.
///
///     auto topics = std::make_shared<Topics>();   // in the app's configuration
///     topics->subscribe(ws, "room/blue");         // in a view; ends with the connection
///     co_await topics->publish("room/blue", "hello");
///     topics->publish_now("room/blue", "hello");  // from code that cannot wait
///
/// A hub for every kind of subscriber (topics::Hub, which documents its threads), with functions
/// for websockets. May be destroyed before or after the websockets.
class Topics : public topics::Hub {
 public:
  /// Subscribes the websocket to `topic` from now on. Subscribing again changes the options. Ends
  /// when either side closes; does nothing after that. Throws Error for a policy whose close code
  /// may not be sent.
  void subscribe(Websocket& websocket, std::string_view topic,
                 const SubscribeOptions& options = {});
  /// Ends the subscription. Messages that already wait for the client are still sent. Returns
  /// whether it was subscribed.
  bool unsubscribe(Websocket& websocket, std::string_view topic);
  using Hub::subscribe;

  /// Sends the message to all subscribers of `topic`, at once; each gets messages in the order of
  /// the calls. Returns an awaitable that continues when no subscriber with the policy kWait has
  /// too many messages waiting; at once if there is no such subscriber. Throws Error for a text
  /// that is not UTF-8, ScopeError on a thread without a loop.
  topics::PublishAwaiter publish(std::string_view topic, const Message& message,
                                 const PublishOptions& options = {});
  using Hub::publish;

  /// Publishes in the same way from code that does not wait, such as a destructor or code on a
  /// fiber: kWait closes the client for which it would have waited.
  void publish_now(std::string_view topic, const Message& message,
                   const PublishOptions& options = {});
  using Hub::publish_now;

  /// Publishes in the same way from any thread, in the loop's next turn. Nothing can wait there, so
  /// kWait closes.
  void publish_threadsafe(std::string topic, const Message& message, std::string key = {});
  using Hub::publish_threadsafe;

 private:
  [[nodiscard]] const topics::Subscriber* left_out(std::string_view topic,
                                                   const PublishOptions& options) const noexcept;
};

}  // namespace aiopyr
