#pragma once

#include <string_view>

#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/runtime/topics/publication.h>

namespace aiopyr::topics {

class Topic;

/// Describes how a publication is delivered.
struct Delivery {
  /// The key of the publication: a later one with the same key supersedes it. Empty: no key.
  std::string_view key{};
  /// True if the publisher can wait for subscribers that block it.
  bool may_wait = false;
};

/// A listener of one topic: a websocket's subscription, an event stream, a function. Subscribed
/// with Hub::subscribe(). Its owner is the listening code; the topic only lists it, and its
/// destructor leaves the topic. On the loop's thread.
class Subscriber : public ListHook {
 public:
  Subscriber() = default;
  virtual ~Subscriber() { unsubscribe(); }

  /// Takes a publication during the publisher's call: sends or stores it, and does not wait. A full
  /// subscriber takes this one nevertheless and calls set_blocking(true), so that a publisher that
  /// can wait does so. If `delivery.may_wait` is false, the publisher will not wait, and a full
  /// subscriber has to make room itself. May unsubscribe or destroy this subscriber, but no other
  /// one.
  virtual void deliver(const SharedPublication& publication, const Delivery& delivery) = 0;

  /// Returns false before it was subscribed, after unsubscribe(), and once the hub is gone.
  [[nodiscard]] bool is_subscribed() const noexcept { return topic_ != nullptr; }
  /// Returns the topic; null if it is not subscribed.
  [[nodiscard]] const Topic* topic() const noexcept { return topic_; }
  void unsubscribe() noexcept;

 protected:
  /// Sets whether publishers of the topic have to wait for this subscriber. Does nothing if it is
  /// not subscribed or nothing changes. Waiting publishers continue in the loop's next turn, once
  /// no subscriber blocks them.
  void set_blocking(bool blocks);

 private:
  friend class Topic;

  Topic* topic_ = nullptr;
  bool blocks_ = false;
};

}  // namespace aiopyr::topics
