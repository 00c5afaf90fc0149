#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/slow_client.h>

namespace aiopyr {

class Websocket;

namespace detail {
class PublishAwaiter;
class TopicTable;
}  // namespace detail

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
///     topics->publish("room/blue", "hello");      // from views and framework code
///
/// Of one worker process, on its loop's thread, fibers included; only publish_threadsafe() may be
/// called from others. Topics are names and messages are values, so that whoever connects several
/// processes can carry both. May be destroyed before or after the websockets.
class Topics {
 public:
  Topics();
  ~Topics();
  Topics(const Topics&) = delete;
  Topics& operator=(const Topics&) = delete;

  /// From now on the websocket gets what is published to `topic`. Subscribing again changes the
  /// options. Ends when either side closes. Does nothing where that has happened. Throws Error for
  /// a policy whose close code may not be sent.
  void subscribe(Websocket& websocket, std::string_view topic,
                 const SubscribeOptions& options = {});
  /// What waits for the client already still goes out. Returns whether it was subscribed.
  bool unsubscribe(Websocket& websocket, std::string_view topic);

  /// Sends the message to all that are subscribed to `topic`, at once: the order of the calls is
  /// the order in which each gets them. Gives an awaitable that goes on when no subscriber whose
  /// policy is kWait has too much waiting; where there are none of those it need not be awaited.
  /// Throws Error for a text that is not UTF-8, ScopeError on a thread without a loop.
  detail::PublishAwaiter publish(std::string_view topic, const Message& message,
                                 const PublishOptions& options = {});

  /// The same from any thread, in the loop's next turn. As nobody can wait there, kWait closes.
  void publish_threadsafe(std::string topic, const Message& message, std::string key = {});

  [[nodiscard]] std::size_t subscriber_count(std::string_view topic) const;

 private:
  std::shared_ptr<detail::TopicTable> table_;
};

namespace detail {

/// Takes itself out of the topic's books when the coroutine that awaits it is cancelled.
class PublishAwaiter {
 public:
  PublishAwaiter(std::shared_ptr<TopicTable> table, std::string_view topic)
      : table_(std::move(table)), topic_(topic) {}

  [[nodiscard]] bool await_ready() const;
  void await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}

 private:
  std::shared_ptr<TopicTable> table_;
  std::string topic_;
  Resumption resumption_;
};

}  // namespace detail
}  // namespace aiopyr
