#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/redis/channels/inbox.h>
#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::redis::detail {

/// The kinds of subscription to a name.
enum class ChannelKind : std::uint8_t { kChannel, kPattern, kShard };

/// The channels of a client, on one connection, and the inboxes of those who have subscribed to
/// them. When the connection was lost it is made again, the channels are subscribed to again, and
/// each inbox gets a gap. Loop thread only.
class Hub final : public std::enable_shared_from_this<Hub> {
 public:
  [[nodiscard]] static std::shared_ptr<Hub> make(
      Loop& loop, std::shared_ptr<const ConnectionSettings> settings);

  /// Adds an inbox to a channel, and waits until the server has confirmed it. Throws ReplyError
  /// where it refuses, and as any command where there is no answer. remove() in any case.
  [[nodiscard]] static Task<> add(std::shared_ptr<Hub> hub, ChannelKind kind, std::string name,
                                  std::shared_ptr<Inbox> inbox);
  /// Removes an inbox; behind the last one the channel is unsubscribed from.
  void remove(ChannelKind kind, const std::string& name, const std::shared_ptr<Inbox>& inbox);

  /// Closes the connection and ends all inboxes.
  void close(const std::string& problem);

 private:
  using Inboxes = std::vector<std::shared_ptr<Inbox>>;
  using Channels = std::map<std::string, Inboxes, std::less<>>;

  explicit Hub(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  void on_message(Value message);
  void on_state(bool is_open);
  void restore();
  static Task<> restore_one(std::shared_ptr<Hub> hub, ChannelKind kind, std::string name,
                            std::uint64_t connection);
  Task<Value> subscribe(ChannelKind kind, std::string name);
  void end_channel(ChannelKind kind, std::string_view name, const std::exception_ptr& error);
  [[nodiscard]] Channels& of(ChannelKind kind) noexcept {
    return channels_[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] bool has_channels() const noexcept;

  std::shared_ptr<Connection> connection_;
  std::array<Channels, 3> channels_;
  std::uint64_t connections_ = 0;  // how many were made
};

}  // namespace aiopyr::redis::detail
