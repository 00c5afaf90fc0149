#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include <aiopyr/clients/redis/call.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::redis::detail {

namespace {

/// Returns how long a blocking command may take; zero for no limit: that is its own affair, and TCP
/// notices a server that is gone. But it ends with the request on whose behalf it waits.
Duration time_to_block(const TaskContext* context) {
  if (context == nullptr || !context->deadline) return Duration::zero();
  const Duration shortest = std::chrono::milliseconds(1);
  return std::max(*context->deadline - Loop::require("redis::Client").now(), shortest);
}

/// Sends commands together and waits for all answers.
Task<Value::Items> send_together(std::shared_ptr<ClientCore> core,
                                 std::shared_ptr<Connection> connection, std::string_view name,
                                 std::vector<Command> commands, std::uint64_t session) {
  TaskContext* const context = co_await task_context();
  clients::ClientCall call(core->figures(), "redis", name, context);
  auto operation =
      std::make_shared<ManyOperation>(name, static_cast<std::uint32_t>(commands.size()));
  operation->session = session;
  connection->send(operation, commands);
  commands = {};
  auto answer = clients::wait<Value::Items>(std::move(operation));
  std::exception_ptr error;
  Value::Items replies;
  try {
    replies = co_await answer;
  } catch (...) {
    error = std::current_exception();
  }
  call.end(error ? clients::outcome_of(error) : metrics::Outcome::kOk);
  if (error) std::rethrow_exception(error);
  co_return replies;
}

void require_some(const std::vector<Command>& commands, std::string_view operation) {
  if (commands.empty()) {
    throw InvalidStateError("redis: " + std::string(operation) + " needs at least one command");
  }
  for (const Command& command : commands) ClientCore::require_shareable(command);
}

/// Returns the replies of a transaction from those of MULTI, of each command, and of EXEC.
std::vector<Value> take_executed(const ClientCore& core, Value::Items replies) {
  Value executed = std::move(replies.back());
  replies.pop_back();
  // Throws the fault of a command first, which says more than EXECABORT.
  for (const Value& queued : replies) throw_if_error(core, "MULTI", queued);
  throw_if_error(core, "EXEC", executed);
  if (executed.is_null()) throw WatchError(core.context("EXEC"));
  if (!executed.has_items()) {
    throw ReplyTypeError(core.context("EXEC"), "the reply is no array");
  }
  return std::move(executed).items();
}

}  // namespace

void throw_if_error(const ClientCore& core, std::string_view operation, const Value& reply) {
  if (reply.is_error()) throw ReplyError(core.context(operation), reply.text());
}

void end_call(clients::ClientCall& call, const std::exception_ptr& error, const Value& reply) {
  call.end(error              ? clients::outcome_of(error)
           : reply.is_error() ? metrics::Outcome::kError
                              : metrics::Outcome::kOk);
  if (error) std::rethrow_exception(error);
}

Task<Value> run_on(std::shared_ptr<ClientCore> core, std::shared_ptr<Connection> connection,
                   Command command, std::uint64_t session) {
  TaskContext* const context = co_await task_context();
  clients::ClientCall call(core->figures(), "redis", command.name(), context);
  auto operation = std::make_shared<SingleOperation>(command.name());
  operation->session = session;
  if (command.traits().use != CommandUse::kShared) operation->timeout = time_to_block(context);
  connection->send(operation, {&command, 1});
  auto answer = clients::wait<Value>(std::move(operation));
  std::exception_ptr error;
  Value reply;
  try {
    reply = co_await answer;
  } catch (...) {
    error = std::current_exception();
  }
  end_call(call, error, reply);
  co_return reply;
}

Task<Value> run_alone(std::shared_ptr<ClientCore> core, Command command) {
  auto acquiring = Pool::acquire(core->pool(), command.name());
  Lease lease = co_await std::move(acquiring);
  auto running = run_on(core, lease.connection(), std::move(command));
  Value reply = co_await std::move(running);
  lease.set_clean(true);
  co_return reply;
}

Task<std::vector<Value>> run_many(std::shared_ptr<ClientCore> core, std::vector<Command> commands) {
  require_some(commands, "pipeline()");
  auto sending = send_together(core, core->shared(), "pipeline", std::move(commands), 0);
  co_return co_await std::move(sending);
}

Task<std::vector<Value>> run_transaction(std::shared_ptr<ClientCore> core,
                                         std::shared_ptr<Connection> connection,
                                         std::vector<Command> commands, std::uint64_t session) {
  require_some(commands, "transaction()");
  const std::size_t expected = commands.size();
  commands.emplace(commands.begin(), "MULTI");
  commands.emplace_back("EXEC");
  auto sending =
      send_together(core, std::move(connection), "transaction", std::move(commands), session);
  Value::Items replies = co_await std::move(sending);
  std::vector<Value> executed = take_executed(*core, std::move(replies));
  if (executed.size() != expected) {
    throw ReplyTypeError(core->context("EXEC"), "the reply has another number of elements");
  }
  co_return executed;
}

}  // namespace aiopyr::redis::detail
