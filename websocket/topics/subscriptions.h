#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <aiopyr/runtime/topics/topic.h>
#include <aiopyr/websocket/messages/slow_client.h>
#include <aiopyr/websocket/session/room_listener.h>
#include <aiopyr/websocket/session/session.h>
#include <aiopyr/websocket/session/websocket.h>

/// What websockets are to topics. On the loop's thread.
namespace aiopyr::detail {

/// A websocket that listens to one topic, with its policy for a client that is too slow. One of
/// kWait blocks publishers as long as so many messages of the topic wait as the policy allows.
class Subscription final : public topics::Subscriber {
 public:
  Subscription(websocket::Session& session, std::uint32_t sender,
               const SlowClientPolicy& policy) noexcept
      : sender_(sender), session_(session), policy_(policy) {}

  void deliver(const topics::SharedPublication& publication,
               const topics::Delivery& delivery) override;

  void set_policy(const SlowClientPolicy& policy);
  /// Called when the number of messages that wait may have changed.
  void update_blocking();

 private:
  friend class Subscriptions;

  std::uint32_t sender_;  // its number in the websocket's backlog
  websocket::Session& session_;
  SlowClientPolicy policy_;
  std::unique_ptr<Subscription> next_;
};

/// All subscriptions of one websocket, which owns them. Its end leaves the topics.
class Subscriptions final : public RoomListener {
 public:
  explicit Subscriptions(websocket::Session& session) noexcept : session_(session) {}
  ~Subscriptions() override;
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  /// Returns those of `websocket`, null where there are none.
  [[nodiscard]] static const Subscriptions* find(const Websocket& websocket) noexcept;
  [[nodiscard]] static Subscriptions* find(Websocket& websocket) noexcept;
  /// Makes them where there are none.
  static Subscriptions& of(Websocket& websocket);

  /// Returns the subscription to that topic of that hub, null where there is none.
  [[nodiscard]] Subscription* find(const topics::TopicTable& table,
                                   std::string_view topic) const noexcept;
  /// The policy where a subscription has none of its own.
  [[nodiscard]] const SlowClientPolicy& usual_policy() const noexcept;
  /// Makes one, to be subscribed.
  Subscription& add(const SlowClientPolicy& policy);
  void remove(Subscription& subscription) noexcept;

  void on_room() override;

 private:
  websocket::Session& session_;
  std::unique_ptr<Subscription> first_;
  std::uint32_t senders_ = websocket::Backlog::kFirstSubscription;
};

}  // namespace aiopyr::detail
