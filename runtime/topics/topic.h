#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/loop/remote_queue.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/runtime/topics/subscriber.h>

/// The tables of a Hub. On the loop's thread, except TopicTable::remote().
namespace aiopyr::topics {

class TopicTable;

/// The subscribers of one name. Exists as long as it has any.
class Topic {
 public:
  Topic(TopicTable& table, std::string_view name) : table_(table), name_(name) {}
  ~Topic();
  Topic(const Topic&) = delete;
  Topic& operator=(const Topic&) = delete;

  [[nodiscard]] const TopicTable& table() const noexcept { return table_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  void add(Subscriber& subscriber) noexcept;
  /// Removes a subscriber. May destroy the topic.
  void remove(Subscriber& subscriber) noexcept;
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// Delivers to all but `except`, which may be null. May destroy the topic.
  void deliver(const SharedPublication& publication, const Delivery& delivery,
               const Subscriber* except);

  /// Returns whether a subscriber blocks publishers.
  [[nodiscard]] bool is_blocked() const noexcept { return blocking_ > 0; }
  void set_blocking(Subscriber& subscriber, bool blocks);
  /// Adds a publisher that waits until no subscriber blocks it.
  void add_waiter(Runnable& waiter) noexcept { waiters_.push_back(waiter); }

 private:
  void wake_waiters();
  void end_if_unused() noexcept;

  TopicTable& table_;
  std::string name_;
  IntrusiveList<Subscriber> subscribers_;
  std::size_t count_ = 0;
  std::size_t blocking_ = 0;    // subscribers that block publishers
  std::size_t deliveries_ = 0;  // nested deliveries: a subscriber may publish in turn
  IntrusiveList<Runnable> waiters_;
};

class TopicTable {
 public:
  /// Returns the topic, made if there is none.
  Topic& get(std::string_view name);
  /// Returns the topic, or null.
  [[nodiscard]] Topic* find(std::string_view name);
  void erase(std::string_view name) noexcept;

  void deliver(std::string_view name, const SharedPublication& publication,
               const Delivery& delivery, const Subscriber* except = nullptr);

  /// Returns the queue to the loop of the subscribers; null before the first. Any thread.
  [[nodiscard]] std::shared_ptr<RemoteQueue> remote() const;
  void remember_loop();

 private:
  std::map<std::string, Topic, std::less<>> topics_;
  mutable std::mutex mutex_;
  std::shared_ptr<RemoteQueue> remote_;
};

}  // namespace aiopyr::topics
