#pragma once

#include <string_view>

#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/runtime/topics/publication.h>

namespace aiopyr::topics {

class Topic;

/// How a publication is delivered.
struct Delivery {
  /// A later publication of the same key makes an earlier one superfluous; empty is no key.
  std::string_view key{};
  /// Whether who publishes can wait for subscribers that block it.
  bool may_wait = false;
};

/// One who listens to one topic: a websocket's subscription, an event stream, a function.
/// Subscribed with Hub::subscribe(). Owned by whoever listens; the topic only lists it, and its
/// destructor leaves the topic. On the loop's thread.
class Subscriber : public ListHook {
 public:
  Subscriber() = default;
  virtual ~Subscriber() { unsubscribe(); }

  /// Takes a publication, at once, while who publishes is calling: it sends or keeps it, and does
  /// not wait. One that cannot take more says set_blocking(true), so that a publisher that can wait
  /// does, and takes this one nevertheless; where `delivery.may_wait` is false nobody will wait,
  /// and it has to help itself. May unsubscribe or destroy this subscriber, no other one.
  virtual void deliver(const SharedPublication& publication, const Delivery& delivery) = 0;

  /// False before it was subscribed, after unsubscribe(), and once the hub is gone.
  [[nodiscard]] bool is_subscribed() const noexcept { return topic_ != nullptr; }
  /// Null where it is not subscribed.
  [[nodiscard]] const Topic* topic() const noexcept { return topic_; }
  void unsubscribe() noexcept;

 protected:
  /// Tells whether publishers of the topic are to wait for this subscriber. Does nothing where it
  /// is not subscribed or nothing changes; publishers that wait go on in the loop's next turn, once
  /// nobody blocks them.
  void set_blocking(bool blocks);

 private:
  friend class Topic;

  Topic* topic_ = nullptr;
  bool blocks_ = false;
};

}  // namespace aiopyr::topics
