#include <algorithm>
#include <limits>
#include <utility>

#include <aiopyr/clients/redis/channels/hub.h>
#include <aiopyr/clients/redis/protocol/reply_error.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

namespace aiopyr::redis::detail {

namespace {

constexpr std::array<ChannelKind, 3> kChannelKinds = {ChannelKind::kChannel, ChannelKind::kPattern,
                                                      ChannelKind::kShard};
constexpr std::array<std::string_view, 3> kSubscribing = {"SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"};
constexpr std::array<std::string_view, 3> kUnsubscribing = {"UNSUBSCRIBE", "PUNSUBSCRIBE",
                                                            "SUNSUBSCRIBE"};

std::string_view name_in(const std::array<std::string_view, 3>& names, ChannelKind kind) noexcept {
  return names[static_cast<std::size_t>(kind)];
}

/// A message as the server sends it, read.
struct Delivery {
  ChannelKind kind = ChannelKind::kChannel;
  ChannelEvent event;
};

/// Reads `[message channel payload]`, `[smessage channel payload]` or
/// `[pmessage pattern channel payload]`. Returns whether it is one.
bool parse_message(Value message, Delivery& delivery) {
  Value::Items& items = message.items();
  for (const Value& item : items) {
    if (!item.is_text()) return false;
  }
  const std::string kind = items.front().text();
  const bool has_pattern = kind == "pmessage";
  if (items.size() != (has_pattern ? 4U : 3U)) return false;
  delivery.kind = has_pattern          ? ChannelKind::kPattern
                  : kind == "smessage" ? ChannelKind::kShard
                                       : ChannelKind::kChannel;
  delivery.event.payload = std::move(items[items.size() - 1]).text();
  delivery.event.channel = std::move(items[items.size() - 2]).text();
  if (has_pattern) delivery.event.pattern = std::move(items[1]).text();
  return true;
}

}  // namespace

std::shared_ptr<Hub> Hub::make(Loop& loop, std::shared_ptr<const ConnectionSettings> settings) {
  // As many commands as there are channels: after a loss each is subscribed to again.
  auto unlimited = std::make_shared<ConnectionSettings>(*settings);
  unlimited->max_pending = unlimited->max_pending_bytes = std::numeric_limits<std::size_t>::max();
  auto connection = std::make_shared<Connection>(loop, std::move(unlimited));
  const std::shared_ptr<Hub> hub(new Hub(connection));
  const std::weak_ptr<Hub> weak = hub;
  connection->receive_messages(
      [weak](Value message) {
        if (const auto self = weak.lock()) self->on_message(std::move(message));
      },
      [weak](bool is_open) {
        if (const auto self = weak.lock()) self->on_state(is_open);
      });
  return hub;
}

Task<> Hub::add(std::shared_ptr<Hub> hub, ChannelKind kind, std::string name,
                std::shared_ptr<Inbox> inbox) {
  hub->of(kind)[name].push_back(std::move(inbox));
  auto subscribing = hub->subscribe(kind, std::move(name));
  const Value reply = co_await std::move(subscribing);
  if (reply.is_error()) {
    throw ReplyError(hub->connection_->context(name_in(kSubscribing, kind)), reply.text());
  }
}

/// Sends the command for a channel; its confirmation is the reply. A channel that others have
/// subscribed to is confirmed again.
Task<Value> Hub::subscribe(ChannelKind kind, std::string name) {
  const auto connection = connection_;
  const Command command(name_in(kSubscribing, kind), name);
  auto operation = std::make_shared<SingleOperation>(command.name());
  connection->send(operation, {&command, 1});
  auto answer = clients::wait<Value>(std::move(operation));
  co_return co_await answer;
}

void Hub::remove(ChannelKind kind, const std::string& name, const std::shared_ptr<Inbox>& inbox) {
  const auto found = of(kind).find(name);
  if (found == of(kind).end()) return;
  std::erase(found->second, inbox);
  if (!found->second.empty()) return;
  of(kind).erase(found);
  // Sends nothing where no connection is there: the next one begins without the channel.
  if (!connection_->is_ready() && connection_->pending() == 0) return;
  const Command command(name_in(kUnsubscribing, kind), name);
  connection_->send(std::make_shared<SingleOperation>(command.name()), {&command, 1});
}

void Hub::on_message(Value message) {
  Delivery delivery;
  if (!parse_message(std::move(message), delivery)) return;
  const bool has_pattern = delivery.kind == ChannelKind::kPattern;
  const auto found =
      of(delivery.kind).find(has_pattern ? delivery.event.pattern : delivery.event.channel);
  if (found == of(delivery.kind).end()) return;  // unsubscribed from meanwhile
  for (const auto& inbox : found->second) inbox->put(delivery.event);
}

void Hub::on_state(bool is_open) {
  if (is_open) {
    if (++connections_ > 1) restore();
  } else if (has_channels()) {
    connection_->connect_again();
  }
}

bool Hub::has_channels() const noexcept {
  return std::any_of(channels_.begin(), channels_.end(),
                     [](const Channels& channels) { return !channels.empty(); });
}

/// Subscribes to all channels again, on a new connection.
void Hub::restore() {
  for (const ChannelKind kind : kChannelKinds) {
    for (const auto& [name, inboxes] : of(kind)) {
      static_cast<void>(spawn(restore_one(shared_from_this(), kind, name, connections_)));
    }
  }
}

/// Subscribes to a channel again, and tells its inboxes of the gap: not before, since one that
/// reads anew what it has missed has to get what comes from then on.
Task<> Hub::restore_one(std::shared_ptr<Hub> hub, ChannelKind kind, std::string name,
                        std::uint64_t connection) {
  Value reply;
  bool is_lost = false;
  auto subscribing = hub->subscribe(kind, name);
  try {
    reply = co_await std::move(subscribing);
  } catch (const ClientError&) {
    is_lost = true;
  }
  if (is_lost || connection != hub->connections_) co_return;  // done again on the next connection
  if (reply.is_error()) {
    const ReplyError error(hub->connection_->context(name_in(kSubscribing, kind)), reply.text());
    hub->end_channel(kind, name, std::make_exception_ptr(error));
    co_return;
  }
  const auto found = hub->of(kind).find(name);
  if (found == hub->of(kind).end()) co_return;
  for (const auto& inbox : found->second) inbox->put_gap();
}

void Hub::end_channel(ChannelKind kind, std::string_view name, const std::exception_ptr& error) {
  const auto found = of(kind).find(name);
  if (found == of(kind).end()) return;
  for (const auto& inbox : found->second) inbox->end(error);
  of(kind).erase(found);
}

void Hub::close(const std::string& problem) {
  connection_->close(problem);
  for (Channels& channels : channels_) {
    for (const auto& [name, inboxes] : std::exchange(channels, {})) {
      for (const auto& inbox : inboxes) inbox->end();
    }
  }
}

}  // namespace aiopyr::redis::detail
