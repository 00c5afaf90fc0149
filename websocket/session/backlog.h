#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <aiopyr/websocket/messages/prepared_message.h>
#include <aiopyr/websocket/messages/slow_client.h>

namespace aiopyr::websocket {

/// The messages of one connection that wait until its output has room. They leave in the order in
/// which they came. Used in the connection's context, no I/O.
class Backlog {
 public:
  /// Whom a message is from: each sender's messages are counted, and dropped, for themselves. The
  /// subscriptions of a websocket are numbered from kFirstSubscription on, none twice.
  using Sender = std::uint32_t;
  static constexpr Sender kView = 0;
  static constexpr Sender kHandle = 1;
  static constexpr Sender kFirstSubscription = 2;

  /// Keeps `message` as `policy` says, which may drop another one of that sender, or this one.
  /// Returns false, and changes nothing, where the policy is to close the connection. A message
  /// without a key is not coalesced.
  [[nodiscard]] bool add(SharedMessage message, const SlowClientPolicy& policy, Sender sender,
                         std::string_view key);
  /// Keeps it whatever waits already.
  void add(SharedMessage message, Sender sender) {
    waiting_.push_back({std::move(message), sender, {}});
  }

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::size_t count(Sender sender) const noexcept;

  /// Takes out the next one. Requires: not empty.
  [[nodiscard]] SharedMessage pop_front();
  /// Drops all but those of `sender`.
  void keep_only(Sender sender);

 private:
  struct Entry {
    SharedMessage message;
    Sender sender;
    std::string key;
  };

  [[nodiscard]] bool replace(SharedMessage& message, Sender sender, std::string_view key);
  void drop_oldest(Sender sender);

  std::deque<Entry> waiting_;
};

}  // namespace aiopyr::websocket
