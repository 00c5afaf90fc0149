#pragma once

#include <memory>
#include <span>
#include <string>

#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/clients/redis/connection/operation.h>
#include <aiopyr/clients/redis/options.h>
#include <aiopyr/clients/redis/protocol/command.h>
#include <aiopyr/runtime/base/client_figures.h>

namespace aiopyr::redis::detail {

/// What a Client is made of: its connections. Shared by the client and by what runs for it, so that
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
  /// Throws InvalidStateError for a command that must not be sent there; says what to use.
  static void require_shareable(const Command& command);

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
};

}  // namespace aiopyr::redis::detail
