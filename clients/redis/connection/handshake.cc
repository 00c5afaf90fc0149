#include <string>
#include <utility>

#include <aiopyr/clients/redis/connection/handshake.h>
#include <aiopyr/clients/redis/protocol/reply_error.h>

namespace aiopyr::redis::detail {

namespace {

/// Returns whether a server that refuses HELLO is just too old for it (before Redis 6).
bool knows_no_hello(const Value& reply) {
  if (!reply.is_error()) return false;
  const std::string& text = reply.text();
  return error_code(text) == "NOPROTO" || text.find("unknown command") != std::string::npos;
}

void throw_if_error(const Connection& connection, std::string_view operation, const Value& reply) {
  if (reply.is_error()) throw ReplyError(connection.context(operation), reply.text());
}

}  // namespace

Task<> Handshake::run(std::shared_ptr<Connection> connection) {
  auto greeting = greet(connection);
  co_await std::move(greeting);
  if (connection->settings_->database != 0) {
    Command select("SELECT", connection->settings_->database);
    auto selecting = require_ok(connection, std::move(select));
    co_await std::move(selecting);
  }
  if (connection->settings_->requires_master) {
    auto asking = require_master(connection);
    co_await std::move(asking);
  }
}

/// Sends a command before those that wait, and returns its reply.
Task<Value> Handshake::ask(std::shared_ptr<Connection> connection, Command command) {
  auto operation = std::make_shared<SingleOperation>(command.name());
  operation->timeout = Duration::zero();  // connect_timeout limits it
  connection->put(operation, {&command, 1});
  auto answer = clients::wait<Value>(operation);
  co_return co_await answer;
}

/// Switches to RESP3 and logs in, in one command; as older servers know it where that is refused.
Task<> Handshake::greet(std::shared_ptr<Connection> connection) {
  const ConnectionSettings& settings = *connection->settings_;
  if (settings.protocol >= 3) {
    Command hello("HELLO", 3);
    if (!settings.password.empty()) {
      hello.add("AUTH").add(settings.user.empty() ? "default" : settings.user);
      hello.add(settings.password);
    }
    if (!settings.client_name.empty()) hello.add("SETNAME").add(settings.client_name);
    auto asking = ask(connection, std::move(hello));
    const Value reply = co_await std::move(asking);
    if (!knows_no_hello(reply)) {
      throw_if_error(*connection, "HELLO", reply);
      co_return;
    }
  }
  auto greeting = greet_old_server(connection);
  co_await std::move(greeting);
}

Task<> Handshake::greet_old_server(std::shared_ptr<Connection> connection) {
  const ConnectionSettings& settings = *connection->settings_;
  if (!settings.password.empty()) {
    Command auth("AUTH");
    if (!settings.user.empty()) auth.add(settings.user);
    auth.add(settings.password);
    auto logging_in = require_ok(connection, std::move(auth));
    co_await std::move(logging_in);
  }
  if (!settings.client_name.empty()) {
    Command name("CLIENT", "SETNAME", settings.client_name);
    auto naming = require_ok(connection, std::move(name));
    co_await std::move(naming);
  }
}

Task<> Handshake::require_ok(std::shared_ptr<Connection> connection, Command command) {
  const std::string_view name = command.name();
  auto asking = ask(connection, std::move(command));
  const Value reply = co_await std::move(asking);
  throw_if_error(*connection, name, reply);
}

Task<> Handshake::require_master(std::shared_ptr<Connection> connection) {
  Command role("ROLE");
  auto asking = ask(connection, std::move(role));
  const Value reply = co_await std::move(asking);
  throw_if_error(*connection, "ROLE", reply);
  const bool is_master = reply.has_items() && !reply.items().empty() &&
                         reply.items().front().is_text() &&
                         reply.items().front().text() == "master";
  if (!is_master) {
    throw ConnectError(connection->context("ROLE"), "the server is no master (any more)");
  }
}

}  // namespace aiopyr::redis::detail
