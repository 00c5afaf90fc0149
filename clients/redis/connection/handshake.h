#pragma once

#include <memory>

#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::redis::detail {

/// Logs in on a new connection: protocol, user, name, database, and the server's role where it
/// matters. Loop thread only.
class Handshake {
 public:
  /// Runs the handshake; throws Error that says what the server has refused. In coroutines, which
  /// continue in the root context. May be cancelled; the connection is then dropped by its owner.
  [[nodiscard]] static Task<> run(std::shared_ptr<Connection> connection);

 private:
  static Task<Value> ask(std::shared_ptr<Connection> connection, Command command);
  static Task<> greet(std::shared_ptr<Connection> connection);
  static Task<> greet_old_server(std::shared_ptr<Connection> connection);
  static Task<> require_ok(std::shared_ptr<Connection> connection, Command command);
  static Task<> require_master(std::shared_ptr<Connection> connection);
};

}  // namespace aiopyr::redis::detail
