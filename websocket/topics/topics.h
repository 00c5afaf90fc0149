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
  /// What becomes of this topic's messages where the client is too slow. Default: what the view's
  /// mapper was told, WebsocketOptions::slow_client.
  std::optional<SlowClientPolicy> slow_client{};
};

struct PublishOptions {
  /// For WhenSlow::kCoalesce: a later message of the same key makes an earlier one superfluous.
  std::string_view key{};
  /// The one that gets nothing, as a rule the one whose message it was.
  const Websocket* except = nullptr;
};

/// Broadcast: websockets subscribe to topics, and what is published to one goes to all of them. A
/// message is encoded once, however many get it, and one slow client delays nobody.
///
///     auto topics = std::make_shared<Topics>();   // in the app's configuration
///     topics->subscribe(ws, "room/blue");         // in a view; ends with the connection
///     co_await topics->publish("room/blue", "hello");
///     topics->publish_now("room/blue", "hello");  // from code that cannot wait
///
/// A hub for every kind of listener (topics::Hub, which says on which threads it may be used), with
/// what is a websocket's. May be destroyed before or after the websockets.
class Topics : public topics::Hub {
 public:
  /// From now on the websocket gets what is published to `topic`. Subscribing again changes the
  /// options. Ends when either side closes. Does nothing where that has happened. Throws Error for
  /// a policy whose close code may not be sent.
  void subscribe(Websocket& websocket, std::string_view topic,
                 const SubscribeOptions& options = {});
  /// Ends that. What waits for the client already still goes out. Returns whether it was
  /// subscribed.
  bool unsubscribe(Websocket& websocket, std::string_view topic);
  using Hub::subscribe;

  /// Sends the message to all that are subscribed to `topic`, at once: the order of the calls is
  /// the order in which each gets them. Gives an awaitable that goes on when no subscriber whose
  /// policy is kWait has too much waiting; at once where there are none of those. Throws Error for
  /// a text that is not UTF-8, ScopeError on a thread without a loop.
  topics::PublishAwaiter publish(std::string_view topic, const Message& message,
                                 const PublishOptions& options = {});
  using Hub::publish;

  /// The same from somebody who does not wait, such as a destructor or code on a fiber: kWait
  /// closes the client that it would have waited for.
  void publish_now(std::string_view topic, const Message& message,
                   const PublishOptions& options = {});
  using Hub::publish_now;

  /// The same from any thread, in the loop's next turn. As nobody can wait there, kWait closes.
  void publish_threadsafe(std::string topic, const Message& message, std::string key = {});
  using Hub::publish_threadsafe;

 private:
  [[nodiscard]] const topics::Subscriber* left_out(std::string_view topic,
                                                   const PublishOptions& options) const noexcept;
};

}  // namespace aiopyr
