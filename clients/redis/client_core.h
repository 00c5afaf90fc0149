#pragma once

#include <memory>
#include <span>
#include <string>

#include <aiopyr/clients/redis/channels/hub.h>
#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/clients/redis/connection/operation.h>
#include <aiopyr/clients/redis/connection/pool.h>
#include <aiopyr/clients/redis/options.h>
#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::redis::detail {

/// The connections of a Client. Shared by the client and by what runs for it, so that
/// a client may be destroyed while coroutines wait. Loop thread only.
class ClientCore {
 public:
  ClientCore(Loop& loop, Target target);
  ~ClientCore();
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;

  /// Sends commands on the shared connection.
  void send(std::shared_ptr<Operation> operation, std::span<const Command> commands) {
    shared_->send(std::move(operation), commands);
  }
  /// Returns the shared connection.
  [[nodiscard]] const std::shared_ptr<Connection>& shared() const& noexcept { return shared_; }
  std::shared_ptr<Connection> shared() && = delete;
  /// Returns the connections of one user at a time.
  [[nodiscard]] const std::shared_ptr<Pool>& pool() const& noexcept { return pool_; }
  std::shared_ptr<Pool> pool() && = delete;
  /// Returns the channels; makes them at the first use. Throws ConnectError after close().
  [[nodiscard]] const std::shared_ptr<Hub>& hub() &;
  [[nodiscard]] const Options& options() const& noexcept { return target_.options; }
  Options options() && = delete;

  /// Throws InvalidStateError for a command that must not be sent on the shared connection; says
  /// what to use.
  static void require_shareable(const Command& command);
  /// Throws it for a command that even a connection of its own must not be used for.
  static void require_poolable(const Command& command);

  /// Closes all connections; what waits fails with `problem`.
  void close(const std::string& problem);
  /// Refuses further commands, and waits for the answers of those that were sent.
  [[nodiscard]] static Task<> drain(std::shared_ptr<ClientCore> core);

  [[nodiscard]] metrics::ClientFigures& figures() const noexcept { return *settings_->figures; }
  [[nodiscard]] ClientError::Context context(std::string_view operation) const {
    return shared_->context(operation);
  }

 private:
  Loop& loop_;
  Target target_;
  std::shared_ptr<const ConnectionSettings> settings_;
  std::shared_ptr<Connection> shared_;
  std::shared_ptr<Pool> pool_;
  std::shared_ptr<Hub> hub_;  // null before the first subscription
  bool is_closed_ = false;
};

}  // namespace aiopyr::redis::detail
