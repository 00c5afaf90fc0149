#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <aiopyr/runtime/topics/topic.h>
#include <aiopyr/websocket/messages/slow_client.h>
#include <aiopyr/websocket/session/room_listener.h>
#include <aiopyr/websocket/session/session.h>
#include <aiopyr/websocket/session/websocket.h>

/// The subscriptions of websockets to topics. On the loop's thread.
namespace aiopyr::detail {

/// A websocket's subscription to one topic, with its policy for a client that is too slow. With
/// kWait it blocks publishers while as many messages of the topic wait as the policy allows.
class Subscription final : public topics::Subscriber {
 public:
  Subscription(websocket::Session& session, std::uint32_t sender,
               const SlowClientPolicy& policy) noexcept
      : sender_(sender), session_(session), policy_(policy) {}

  void deliver(const topics::SharedPublication& publication,
               const topics::Delivery& delivery) override;

  void set_policy(const SlowClientPolicy& policy);
  /// Called when the number of waiting messages may have changed.
  void update_blocking();

 private:
  friend class Subscriptions;

  std::uint32_t sender_;  // number in the websocket's backlog
  websocket::Session& session_;
  SlowClientPolicy policy_;
  std::unique_ptr<Subscription> next_;
};

/// All subscriptions of one websocket, which owns them. The destructor leaves the topics.
class Subscriptions final : public RoomListener {
 public:
  explicit Subscriptions(websocket::Session& session) noexcept : session_(session) {}
  ~Subscriptions() override;
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  /// Returns the subscriptions of `websocket`; null if it has none.
  [[nodiscard]] static const Subscriptions* find(const Websocket& websocket) noexcept;
  [[nodiscard]] static Subscriptions* find(Websocket& websocket) noexcept;
  /// Returns the subscriptions of `websocket`, made on first use.
  static Subscriptions& of(Websocket& websocket);

  /// Returns the subscription to that topic of that hub; null if there is none.
  [[nodiscard]] Subscription* find(const topics::TopicTable& table,
                                   std::string_view topic) const noexcept;
  /// Returns the policy of subscriptions without their own.
  [[nodiscard]] const SlowClientPolicy& usual_policy() const noexcept;
  /// Makes a subscription, to be subscribed.
  Subscription& add(const SlowClientPolicy& policy);
  void remove(Subscription& subscription) noexcept;

  void on_room() override;

 private:
  websocket::Session& session_;
  std::unique_ptr<Subscription> first_;
  std::uint32_t senders_ = websocket::Backlog::kFirstSubscription;
};

}  // namespace aiopyr::detail
