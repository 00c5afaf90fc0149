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

/// Names, and who listens to each: what is published to a name goes to all its subscribers, of
/// whatever kind they are. `Topics` (websocket/topics) is a hub that websockets subscribe to too.
///
/// Of one worker process, on its loop's thread, fibers included; only publish_threadsafe() may be
/// called from others. Topics are names and publications are values, so that whoever connects
/// several processes can carry both. May be destroyed before or after its subscribers.
class Hub {
 public:
  Hub();
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// From now on `subscriber` gets what is published to `topic`, and nothing of a topic that it
  /// listened to before. Ends with the subscriber, or when it says unsubscribe().
  void subscribe(Subscriber& subscriber, std::string_view topic);

  /// Delivers to all subscribers but `except`, at once: the order of the calls is the order in
  /// which each gets them. `key`: see Delivery. Gives an awaitable that goes on when no subscriber
  /// blocks publishers; the publication does not depend on it. Throws ScopeError on a thread
  /// without a loop.
  PublishAwaiter publish(std::string_view topic, const SharedPublication& publication,
                         std::string_view key = {}, const Subscriber* except = nullptr);

  /// The same from somebody who does not wait, whatever subscribers say.
  void publish_now(std::string_view topic, const SharedPublication& publication,
                   std::string_view key = {}, const Subscriber* except = nullptr);

  /// The same from any thread, in the loop's next turn.
  void publish_threadsafe(std::string topic, SharedPublication publication, std::string key = {});

  [[nodiscard]] std::size_t subscriber_count(std::string_view topic) const;

 protected:
  [[nodiscard]] const TopicTable& table() const noexcept { return *table_; }

 private:
  std::shared_ptr<TopicTable> table_;
};

/// What publish() gives. Takes itself out of the topic's books when the coroutine that awaits it is
/// cancelled.
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
