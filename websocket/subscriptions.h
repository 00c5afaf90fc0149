#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/remote_queue.h>
#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/websocket/prepared_message.h>
#include <aiopyr/websocket/topics.h>
#include <aiopyr/websocket/websocket.h>

/// The books of Topics. On the loop's thread, but for TopicTable::remote().
namespace aiopyr::detail {

class Topic;

/// A websocket's place in a topic: owned by the websocket, listed by the topic.
struct Subscription : ListHook {
  Subscription(Websocket& ws, Topic& t, const SlowClientPolicy& p)
      : websocket(ws), topic(&t), policy(p) {}

  Websocket& websocket;
  Topic* topic;  // null once the Topics are gone
  SlowClientPolicy policy;
};

/// All topics of one websocket. Its end leaves them.
class Subscriptions {
 public:
  explicit Subscriptions(Websocket& websocket) noexcept : websocket_(websocket) {}
  ~Subscriptions();
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  /// Those of `websocket`; made where there are none and `make` says so.
  static Subscriptions* of(Websocket& websocket, bool make);

  void join(Topic& topic, const SubscribeOptions& options);
  bool leave(Topic& topic);
  /// The websocket's output has taken what was waiting.
  void on_room();

 private:
  using Places = std::vector<std::unique_ptr<Subscription>>;
  [[nodiscard]] Places::iterator find(const Topic& topic);

  Websocket& websocket_;
  Places places_;
};

/// One name's subscribers. Exists as long as it has any.
class Topic {
 public:
  Topic(TopicTable& table, std::string_view name) : table_(table), name_(name) {}
  ~Topic();
  Topic(const Topic&) = delete;
  Topic& operator=(const Topic&) = delete;

  void add(Subscription& subscription) noexcept;
  /// May destroy the topic.
  void remove(Subscription& subscription) noexcept;
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// `waits`: who publishes can wait. May destroy the topic.
  void deliver(const websocket::SharedMessage& message, const PublishOptions& options, bool waits);

  /// Whether somebody who publishes has to wait, and who does.
  [[nodiscard]] bool is_blocked();
  void add_waiter(Runnable& waiter) noexcept { waiters_.push_back(waiter); }
  void wake_waiters();

 private:
  void end_if_unused() noexcept;

  TopicTable& table_;
  std::string name_;
  IntrusiveList<Subscription> subscriptions_;
  std::size_t count_ = 0;
  bool delivering_ = false;
  IntrusiveList<Runnable> waiters_;
};

class TopicTable {
 public:
  /// Made where there is none.
  Topic& get(std::string_view name);
  /// Null where there is none.
  [[nodiscard]] Topic* find(std::string_view name);
  void erase(std::string_view name) noexcept;

  void deliver(std::string_view name, const websocket::SharedMessage& message,
               const PublishOptions& options, bool waits);

  /// The way to the loop of the subscribers, null before there was one. Any thread.
  [[nodiscard]] std::shared_ptr<RemoteQueue> remote() const;
  void remember_loop();

 private:
  std::map<std::string, Topic, std::less<>> topics_;
  mutable std::mutex mutex_;
  std::shared_ptr<RemoteQueue> remote_;
};

}  // namespace aiopyr::detail
