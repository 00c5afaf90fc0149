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

}  // namespace aiopyr::redis
