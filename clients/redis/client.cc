#include <algorithm>
#include <chrono>
#include <utility>

#include <aiopyr/clients/redis/client.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::redis {

namespace {

/// Returns a time in the milliseconds that commands take: at least one.
std::int64_t milliseconds(Seconds time) {
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(time.duration());
  return std::max<std::int64_t>(whole.count(), 1);
}

}  // namespace

Client::Client(std::string_view url, Options options)
    : core_(std::make_shared<detail::ClientCore>(Loop::require("redis::Client"),
                                                 detail::parse_target(url, std::move(options)))) {}

Client::~Client() {
  if (core_) core_->close("the client was destroyed");
}

Task<> Client::connect() { return run<void>(Command("PING")); }

Task<> Client::close() { return detail::ClientCore::drain(core_); }

Command Client::with_options(Command command, const SetOptions& options) {
  if (options.only_new && options.only_existing) {
    throw InvalidStateError("redis: SET takes only_new or only_existing, not both");
  }
  if (options.expire && options.keep_ttl) {
    throw InvalidStateError("redis: SET takes expire or keep_ttl, not both");
  }
  if (options.expire) command.add("PX").add(milliseconds(*options.expire));
  if (options.only_new) command.add("NX");
  if (options.only_existing) command.add("XX");
  if (options.keep_ttl) command.add("KEEPTTL");
  return command;
}

Task<std::optional<std::string>> Client::get(std::string_view key) {
  return command<std::optional<std::string>>("GET", key);
}

Task<bool> Client::expire(std::string_view key, Seconds after) {
  return command<bool>("PEXPIRE", key, milliseconds(after));
}

Task<std::int64_t> Client::incr(std::string_view key, std::int64_t by) {
  return command<std::int64_t>("INCRBY", key, by);
}

Task<std::optional<std::string>> Client::hget(std::string_view key, std::string_view field) {
  return command<std::optional<std::string>>("HGET", key, field);
}

Task<std::map<std::string, std::string>> Client::hgetall(std::string_view key) {
  return command<std::map<std::string, std::string>>("HGETALL", key);
}

Task<std::vector<std::string>> Client::lrange(std::string_view key, std::int64_t first,
                                              std::int64_t last) {
  return command<std::vector<std::string>>("LRANGE", key, first, last);
}

Task<std::vector<std::string>> Client::smembers(std::string_view key) {
  return command<std::vector<std::string>>("SMEMBERS", key);
}

Task<std::int64_t> Client::zadd(std::string_view key, double score, std::string_view member) {
  return command<std::int64_t>("ZADD", key, score, member);
}

Task<std::vector<std::pair<std::string, double>>> Client::zrange(std::string_view key,
                                                                 std::int64_t first,
                                                                 std::int64_t last) {
  return command<std::vector<std::pair<std::string, double>>>("ZRANGE", key, first, last,
                                                              "WITHSCORES");
}

Task<std::int64_t> Client::publish(std::string_view channel, std::string_view message) {
  return command<std::int64_t>("PUBLISH", channel, message);
}

Task<Subscription> Client::begin(detail::ChannelKind kind, std::string_view name) {
  const Options& options = core_->options();
  detail::Inbox::Limits limits;
  limits.events = options.subscription_events;
  limits.bytes = options.subscription_bytes;
  return Subscription::begin(core_->hub(), kind, std::string(name), limits);
}

Task<Subscription> Client::subscribe(std::string_view channel) {
  return begin(detail::ChannelKind::kChannel, channel);
}

Task<Subscription> Client::psubscribe(std::string_view pattern) {
  return begin(detail::ChannelKind::kPattern, pattern);
}

Task<Subscription> Client::ssubscribe(std::string_view channel) {
  return begin(detail::ChannelKind::kShard, channel);
}

namespace {

/// Turns the null of nothing new into no entries.
Task<StreamEntries> entries_of(Task<std::optional<StreamEntries>> reading) {
  auto entries = co_await std::move(reading);
  co_return std::move(entries).value_or(StreamEntries());
}

}  // namespace

Task<StreamEntries> Client::read_streams(Command command, const StreamReadOptions& options) {
  using Entries = std::optional<StreamEntries>;
  return entries_of(options.block ? run_blocking_command<Entries>(std::move(command))
                                  : run<Entries>(std::move(command)));
}

Task<StreamEntries> Client::xread(const Streams& streams) {
  return xread(streams, StreamReadOptions());
}

Task<StreamEntries> Client::xread(const Streams& streams, const StreamReadOptions& options) {
  return read_streams(detail::xread_command(streams, options), options);
}

Task<StreamEntries> Client::xreadgroup(std::string_view group, std::string_view consumer,
                                       const Streams& streams) {
  return xreadgroup(group, consumer, streams, StreamReadOptions());
}

Task<StreamEntries> Client::xreadgroup(std::string_view group, std::string_view consumer,
                                       const Streams& streams, const StreamReadOptions& options) {
  return read_streams(detail::xreadgroup_command(group, consumer, streams, options), options);
}

}  // namespace aiopyr::redis
