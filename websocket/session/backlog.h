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
  /// The sender of a message: messages are counted, and dropped, for each sender separately. The
  /// subscriptions of a websocket are numbered from kFirstSubscription on; a number is used once.
  using Sender = std::uint32_t;
  static constexpr Sender kView = 0;
  static constexpr Sender kHandle = 1;
  static constexpr Sender kFirstSubscription = 2;

  /// Keeps `message` by `policy`, which may drop another one of that sender, or this one. Returns
  /// false, and changes nothing, if the policy is to close the connection. A message without a key
  /// is not coalesced.
  [[nodiscard]] bool add(SharedMessage message, const SlowClientPolicy& policy, Sender sender,
                         std::string_view key);
  /// Keeps it, however many wait already.
  void add(SharedMessage message, Sender sender) {
    waiting_.push_back({std::move(message), sender, {}});
  }

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::size_t count(Sender sender) const noexcept;

  /// Removes and returns the next message. Requires: not empty.
  [[nodiscard]] SharedMessage pop_front();
  /// Drops all messages except those of `sender`.
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
