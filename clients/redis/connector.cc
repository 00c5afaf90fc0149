#include <utility>
#include <vector>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/clients/base/stream/connect.h>
#include <aiopyr/clients/base/stream/tls.h>
#include <aiopyr/clients/redis/connector.h>
#include <aiopyr/clients/redis/sentinel.h>

namespace aiopyr::redis::detail {

namespace {

Task<std::unique_ptr<Transport>> connect_unix(std::string path, Duration timeout) {
  std::vector<clients::Address> addresses{clients::unix_address(path)};
  auto connecting = clients::connect_stream(std::move(addresses), timeout);
  co_return co_await std::move(connecting);
}

Task<std::unique_ptr<Transport>> connect_tls(Target::Host host, clients::TlsContext context,
                                             Duration timeout) {
  std::string name = host.name;
  auto connecting = connect_tcp(std::move(host), timeout);
  auto stream = co_await std::move(connecting);
  auto securing = clients::start_tls(std::move(stream), std::move(context), std::move(name));
  co_return co_await std::move(securing);
}

}  // namespace

Task<std::unique_ptr<Transport>> connect_tcp(Target::Host host, Duration timeout) {
  auto looking_up = clients::resolve(host.name, host.port, timeout);
  auto addresses = co_await std::move(looking_up);
  auto connecting = clients::connect_stream(std::move(addresses), timeout);
  co_return co_await std::move(connecting);
}

Connector make_connector(const Target& target) {
  switch (target.kind) {
    case Target::Kind::kUnix:
      return [path = target.path](Duration timeout) { return connect_unix(path, timeout); };
    case Target::Kind::kTls:
      return [host = target.hosts.front(),
              context = clients::make_tls_context(target.options.verify, target.options.ca_file)](
                 Duration timeout) { return connect_tls(host, context, timeout); };
    case Target::Kind::kSentinel:
      return make_sentinel_connector(target);
    case Target::Kind::kTcp:
      break;
  }
  return [host = target.hosts.front()](Duration timeout) { return connect_tcp(host, timeout); };
}

ConnectionSettings make_settings(const Target& target) {
  const Options& options = target.options;
  ConnectionSettings settings;
  settings.server = target.shown;
  settings.connect = make_connector(target);
  settings.user = target.user;
  settings.password = target.password;
  settings.client_name = options.client_name;
  settings.database = target.database;
  settings.protocol = options.protocol;
  settings.requires_master = target.kind == Target::Kind::kSentinel;
  settings.connect_timeout = options.connect_timeout;
  settings.timeout = options.timeout;
  settings.health_interval = options.health_interval;
  settings.max_pending = options.max_pending;
  settings.max_pending_bytes = options.max_pending_bytes;
  settings.limits.bytes = options.max_reply;
  settings.limits.elements = options.max_elements;
  settings.figures = &metrics::client_figures().client("redis", target.shown);
  return settings;
}

}  // namespace aiopyr::redis::detail
