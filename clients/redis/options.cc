#include <limits>
#include <utility>

#include <aiopyr/clients/base/connection_url.h>
#include <aiopyr/clients/redis/options.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::redis::detail {

namespace {

using clients::ConnectionUrl;

constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;
constexpr std::string_view kKnown =
    "db, connect_timeout, timeout, acquire_timeout, health_interval, max_pending, "
    "max_pending_bytes, pool, max_waiting, subscription_events, subscription_bytes, max_reply, "
    "max_elements, client_name, protocol, verify and ca_file";

[[noreturn]] void refuse(const ConnectionUrl& url, const std::string& problem) {
  throw ConfigurationError("the Redis URL " + url.shown() + " " + problem);
}

Target::Kind kind_of(const ConnectionUrl& url) {
  if (url.scheme == "redis") return Target::Kind::kTcp;
  if (url.scheme == "rediss") return Target::Kind::kTls;
  if (url.scheme == "unix") return Target::Kind::kUnix;
  if (url.scheme == "redis+sentinel") return Target::Kind::kSentinel;
  refuse(url, "has an unknown scheme: use redis://, rediss:// (TLS), unix:// or redis+sentinel://");
}

void take_seconds(ConnectionUrl& url, std::string_view name, Seconds& into) {
  if (const auto value = url.take_duration(name)) into = *value;
}

void take_size(ConnectionUrl& url, std::string_view name, std::size_t& into) {
  if (const auto value = url.take_number(name)) into = *value;
  if (into == 0) refuse(url, "has no use for 0 as " + std::string(name));
}

void take_options(ConnectionUrl& url, Options& options) {
  take_seconds(url, "connect_timeout", options.connect_timeout);
  take_seconds(url, "timeout", options.timeout);
  take_seconds(url, "acquire_timeout", options.acquire_timeout);
  take_seconds(url, "health_interval", options.health_interval);
  if (options.health_interval.duration() <= Duration::zero()) {
    refuse(url, "needs a health_interval that is longer than 0");
  }
  take_size(url, "max_pending", options.max_pending);
  take_size(url, "max_pending_bytes", options.max_pending_bytes);
  take_size(url, "pool", options.pool);
  take_size(url, "max_waiting", options.max_waiting);
  take_size(url, "subscription_events", options.subscription_events);
  take_size(url, "subscription_bytes", options.subscription_bytes);
  take_size(url, "max_reply", options.max_reply);
  take_size(url, "max_elements", options.max_elements);
  if (auto name = url.take("client_name")) options.client_name = *std::move(name);
  if (const auto protocol = url.take_number("protocol")) {
    options.protocol = *protocol == 2 ? 2 : *protocol == 3 ? 3 : 0;
  }
  if (options.protocol != 2 && options.protocol != 3) refuse(url, "needs 2 or 3 as protocol");
  if (const auto verify = url.take_bool("verify")) options.verify = *verify;
  if (auto file = url.take("ca_file")) options.ca_file = *std::move(file);
}

std::uint32_t parse_database(const ConnectionUrl& url, std::string_view text) {
  if (text.empty()) return 0;
  const auto database = parse_number<std::uint32_t>(text);
  if (!database) refuse(url, "needs a number as database, such as /0");
  return *database;
}

void take_hosts(const ConnectionUrl& url, Target& target) {
  const std::uint16_t port = target.kind == Target::Kind::kSentinel ? kSentinelPort : kRedisPort;
  for (const auto& host : url.hosts) {
    if (host.name.empty()) refuse(url, "has an empty host");
    target.hosts.push_back({host.name, host.port.value_or(port)});
  }
  if (target.hosts.empty()) target.hosts.push_back({"127.0.0.1", port});
  if (target.hosts.size() > 1 && target.kind != Target::Kind::kSentinel) {
    refuse(url, "has several hosts, which only redis+sentinel:// takes");
  }
}

/// Takes what stands in the path: the socket, the master's name, the database.
void take_path(ConnectionUrl& url, Target& target) {
  std::string database = url.take("db").value_or("");
  std::string path = url.path;
  if (target.kind == Target::Kind::kUnix) {
    if (!url.hosts.empty() || path.empty()) {
      refuse(url, "needs the socket's path behind three slashes, as unix:///run/redis.sock?db=0");
    }
    target.path = "/" + path;
    path.clear();
  } else if (target.kind == Target::Kind::kSentinel) {
    const std::size_t slash = path.find('/');
    target.master = path.substr(0, slash);
    path = slash == std::string::npos ? "" : path.substr(slash + 1);
    if (target.master.empty()) {
      refuse(url, "needs the master's name, as redis+sentinel://host1,host2/mymaster/0");
    }
  }
  if (!path.empty() && !database.empty()) refuse(url, "names its database twice");
  target.database = parse_database(url, path.empty() ? database : path);
}

}  // namespace

Target parse_target(std::string_view text, Options options) {
  ConnectionUrl url = ConnectionUrl::parse(text);
  Target target;
  target.kind = kind_of(url);
  target.user = url.user;
  target.password = url.password;
  target.options = std::move(options);
  take_options(url, target.options);
  take_path(url, target);
  if (target.kind != Target::Kind::kUnix) take_hosts(url, target);
  url.require_all_taken(kKnown);
  target.shown = url.shown();
  return target;
}

}  // namespace aiopyr::redis::detail
