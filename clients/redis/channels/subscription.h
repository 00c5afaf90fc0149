#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/clients/redis/channels/hub.h>
#include <aiopyr/clients/redis/channels/inbox.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::redis {

/// One subscriber of a channel, a pattern or a shard channel: Client::subscribe(). Ends when it is
/// destroyed. Loop thread only.
///
///     auto news = co_await redis.subscribe("news");
///     for (;;) {
///       auto event = co_await news.next();
///       if (!event) break;           // the client was closed
///       if (event->is_gap()) ...     // read anew what may have been missed
///     }
///
/// It keeps at most Options::subscription_events events, or subscription_bytes, that were not taken
/// yet; what comes beyond is dropped and told by a gap.
class Subscription {
 public:
  Subscription(Subscription&&) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept {
    Subscription old(std::move(*this));
    hub_ = std::move(other.hub_);
    inbox_ = std::move(other.inbox_);
    kind_ = other.kind_;
    name_ = std::move(other.name_);
    return *this;
  }
  ~Subscription() {
    if (hub_) hub_->remove(kind_, name_, inbox_);
  }

  /// Waits for the next event; gives nullopt when the client was closed. Throws ReplyError where
  /// the server no longer allows the channel. Continues in the root context; cancelling it loses
  /// no event. Destroying the Subscription does not end a wait: cancel its task.
  [[nodiscard]] Task<std::optional<ChannelEvent>> next() { return detail::Inbox::next(inbox_); }

  /// Subscribes, for Client.
  [[nodiscard]] static Task<Subscription> begin(std::shared_ptr<detail::Hub> hub,
                                                detail::ChannelKind kind, std::string name,
                                                detail::Inbox::Limits limits) {
    Subscription subscription(std::move(hub), kind, std::move(name), limits);
    auto adding =
        detail::Hub::add(subscription.hub_, kind, subscription.name_, subscription.inbox_);
    co_await std::move(adding);
    co_return subscription;
  }

 private:
  Subscription(std::shared_ptr<detail::Hub> hub, detail::ChannelKind kind, std::string name,
               detail::Inbox::Limits limits)
      : hub_(std::move(hub)),
        inbox_(std::make_shared<detail::Inbox>(limits)),
        kind_(kind),
        name_(std::move(name)) {}

  std::shared_ptr<detail::Hub> hub_;
  std::shared_ptr<detail::Inbox> inbox_;
  detail::ChannelKind kind_;
  std::string name_;
};

}  // namespace aiopyr::redis
