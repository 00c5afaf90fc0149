#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/redis/call.h>
#include <aiopyr/clients/redis/connection/pool.h>

namespace aiopyr::redis {

/// Keys that are watched, on a connection of their own: optimistic locking (Client::watch()).
///
///     auto watch = co_await redis.watch("balance");
///     auto balance = co_await watch.command<std::int64_t>("GET", "balance");
///     std::vector<redis::Command> changes;
///     changes.emplace_back("SET", "balance", balance - 10);
///     auto done = watch.transaction(std::move(changes));
///     co_await std::move(done);  // WatchError: somebody else has changed it; begin again
///
/// Loop thread only. Destroyed without a transaction, it closes its connection.
class Watch {
 public:
  Watch(std::shared_ptr<detail::ClientCore> core, detail::Lease lease)
      : core_(std::move(core)),
        lease_(std::make_shared<detail::Lease>(std::move(lease))),
        session_(lease_->connection()->session()) {}

  /// Reads, or does what need not be undone.
  template <class T = Value, class... Arguments>
  [[nodiscard]] Task<T> command(std::string_view name, const Arguments&... arguments) {
    Command built(name, arguments...);
    detail::ClientCore::require_shareable(built);
    const std::string_view operation = built.name();
    return detail::convert_result<T>(
        core_, operation, detail::run_on(core_, lease_->connection(), std::move(built), session_));
  }

  /// Does all of the commands if no watched key has changed, else throws WatchError;
  /// ConnectionLostError where the connection was lost meanwhile, and with it the watch. Ends the
  /// watch.
  [[nodiscard]] Task<std::vector<Value>> transaction(std::vector<Command> commands) {
    return finish(core_, lease_, std::move(commands), session_);
  }

 private:
  static Task<std::vector<Value>> finish(std::shared_ptr<detail::ClientCore> core,
                                         std::shared_ptr<detail::Lease> lease,
                                         std::vector<Command> commands, std::uint64_t session);

  std::shared_ptr<detail::ClientCore> core_;
  std::shared_ptr<detail::Lease> lease_;
  std::uint64_t session_;  // of the connection: what is watched ends with it
};

namespace detail {

/// Takes a connection and watches keys on it.
[[nodiscard]] Task<Watch> begin_watch(std::shared_ptr<ClientCore> core, Command watching);

}  // namespace detail
}  // namespace aiopyr::redis
