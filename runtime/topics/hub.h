#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/topics/subscriber.h>

namespace aiopyr::topics {

class PublishAwaiter;
class TopicTable;

/// Topics by name with their subscribers: a publication to a topic goes to all its subscribers, of
/// any kind. `Topics` (websocket/topics) is a hub to which websockets subscribe too.
///
/// A hub belongs to one worker process and is used on its loop's thread, fibers included; only
/// publish_threadsafe() may be called from other threads. Topics are names and publications are
/// values, so that a bridge between processes can carry both. May be destroyed before or after its
/// subscribers.
class Hub {
 public:
  Hub();
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Subscribes `subscriber` to `topic` from now on, and ends its subscription to another topic.
  /// The subscription ends with the subscriber, or by unsubscribe().
  void subscribe(Subscriber& subscriber, std::string_view topic);

  /// Delivers to all subscribers but `except`, at once; each gets publications in the order of the
  /// calls. `key`: see Delivery. Returns an awaitable that continues when no subscriber blocks
  /// publishers; the delivery does not depend on awaiting it. Throws ScopeError on a thread without
  /// a loop.
  PublishAwaiter publish(std::string_view topic, const SharedPublication& publication,
                         std::string_view key = {}, const Subscriber* except = nullptr);

  /// Delivers in the same way for a publisher that does not wait, even if subscribers block.
  void publish_now(std::string_view topic, const SharedPublication& publication,
                   std::string_view key = {}, const Subscriber* except = nullptr);

  /// Delivers in the same way from any thread, in the loop's next turn.
  void publish_threadsafe(std::string topic, SharedPublication publication, std::string key = {});

  [[nodiscard]] std::size_t subscriber_count(std::string_view topic) const;

 protected:
  [[nodiscard]] const TopicTable& table() const noexcept { return *table_; }

 private:
  std::shared_ptr<TopicTable> table_;
};

/// The awaitable of publish(). Cancelling the coroutine that awaits it removes it from the topic's
/// waiters.
class [[nodiscard]] PublishAwaiter {
 public:
  PublishAwaiter(std::shared_ptr<TopicTable> table, std::string_view topic)
      : table_(std::move(table)), topic_(topic) {}

  [[nodiscard]] bool await_ready() const;
  void await_suspend(std::coroutine_handle<> awaiting);
  void await_resume() const noexcept {}

 private:
  std::shared_ptr<TopicTable> table_;
  std::string topic_;
  aiopyr::detail::Resumption resumption_;
};

}  // namespace aiopyr::topics
