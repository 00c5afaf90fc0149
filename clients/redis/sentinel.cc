#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/clients/redis/connector.h>
#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/clients/redis/sentinel.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::redis::detail {

namespace {

/// Returns the address of a reply `[host port]`; nullopt for another.
std::optional<Target::Host> parse_master(const Value& reply) {
  if (!reply.has_items() || reply.items().size() != 2) return std::nullopt;
  const Value& host = reply.items()[0];
  const Value& port = reply.items()[1];
  if (!host.is_text() || !port.is_text()) return std::nullopt;
  const auto number = parse_number<std::uint16_t>(port.text());
  if (!number) return std::nullopt;
  return Target::Host{host.text(), *number};
}

/// A connection to a sentinel, closed when it is no longer asked.
class Asked {
 public:
  Asked(const Target::Host& sentinel, Duration timeout) {
    ConnectionSettings settings;
    settings.server = sentinel.name + ":" + std::to_string(sentinel.port);
    settings.connect = [sentinel](Duration time) { return connect_tcp(sentinel, time); };
    settings.protocol = 2;
    settings.connect_timeout = timeout;
    settings.timeout = timeout;
    settings.figures = &figures_;
    connection_ = std::make_shared<Connection>(
        Loop::require("Sentinel"), std::make_shared<const ConnectionSettings>(std::move(settings)));
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  ~Asked() { connection_->close("asked no longer"); }

  std::shared_ptr<SingleOperation> ask(const Command& command) {
    auto operation = std::make_shared<SingleOperation>(command.name());
    connection_->send(operation, {&command, 1});
    return operation;
  }

 private:
  metrics::ClientFigures figures_{};  // of no interest to anyone
  std::shared_ptr<Connection> connection_;
};

Task<Target::Host> ask_sentinel(Target::Host sentinel, std::string master, Duration timeout) {
  Asked asked(sentinel, timeout);
  const Command command("SENTINEL", "get-master-addr-by-name", master);
  auto answer = clients::wait<Value>(asked.ask(command));
  const Value reply = co_await answer;
  if (reply.is_error()) throw Error(reply.text());
  if (reply.is_null()) throw Error("it knows no master '" + master + "'");
  const auto host = parse_master(reply);
  if (!host) throw Error("it answers what is no address");
  co_return *host;
}

/// Asks the sentinels in turn; each gets its share of the time.
Task<Target::Host> find_master(std::vector<Target::Host> sentinels, std::string master,
                               Duration timeout) {
  std::string problem;
  const Duration share = timeout / static_cast<Duration::rep>(sentinels.size() + 1);
  for (const Target::Host& sentinel : sentinels) {
    auto asking = ask_sentinel(sentinel, master, share);
    try {
      co_return co_await std::move(asking);
    } catch (const Error& error) {
      problem += "; sentinel " + sentinel.name + ": " + error.what();
    }
  }
  throw Error("no sentinel has told the master" + problem);
}

Task<std::unique_ptr<Transport>> connect_to_master(std::vector<Target::Host> sentinels,
                                                   std::string master, Duration timeout) {
  auto finding = find_master(std::move(sentinels), std::move(master), timeout);
  Target::Host found = co_await std::move(finding);
  auto connecting = connect_tcp(std::move(found), timeout);
  co_return co_await std::move(connecting);
}

}  // namespace

Connector make_sentinel_connector(const Target& target) {
  return [sentinels = target.hosts, master = target.master](Duration timeout) {
    return connect_to_master(sentinels, master, timeout);
  };
}

}  // namespace aiopyr::redis::detail
