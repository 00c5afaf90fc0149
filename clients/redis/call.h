#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/base/completion.h>
#include <aiopyr/clients/redis/client_core.h>
#include <aiopyr/clients/redis/conversion.h>
#include <aiopyr/clients/redis/protocol/reply_error.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/tasks/task_context.h>

/// Functions that run an operation: send it, await its answer, count and convert that.
namespace aiopyr::redis::detail {

/// Throws a reply that is an error as ReplyError.
void throw_if_error(const ClientCore& core, std::string_view operation, const Value& reply);

/// Ends the measurement of an operation, which has got a reply or thrown `error`; throws that.
void end_call(clients::ClientCall& call, const std::exception_ptr& error, const Value& reply);

/// Converts a reply; adds to an error what was asked.
template <class T>
T convert_reply(const ClientCore& core, std::string_view operation, Value&& reply) {
  throw_if_error(core, operation, reply);
  try {
    return convert<T>(std::move(reply));
  } catch (const ConversionError& error) {
    throw ReplyTypeError(core.context(operation), error.what());
  }
}

/// Runs one command on the shared connection.
template <class T>
Task<T> run(std::shared_ptr<ClientCore> core, Command command) {
  TaskContext* const context = co_await task_context();
  const std::string_view name = command.name();
  clients::ClientCall call(core->figures(), "redis", name, context);
  auto operation = std::make_shared<SingleOperation>(name);
  core->shared()->send(operation, {&command, 1});
  auto answer = clients::wait<Value>(std::move(operation));
  std::exception_ptr error;
  Value reply;
  try {
    reply = co_await answer;
  } catch (...) {
    error = std::current_exception();
  }
  end_call(call, error, reply);
  if constexpr (std::is_void_v<T>) {
    throw_if_error(*core, name, reply);
  } else {
    co_return convert_reply<T>(*core, name, std::move(reply));
  }
}

/// Runs one command on a connection of its own, from the pool, and gives its reply. Cancelling it
/// closes that connection.
[[nodiscard]] Task<Value> run_alone(std::shared_ptr<ClientCore> core, Command command);

/// Runs one command on a connection that the caller holds; in that session of it, unless zero.
[[nodiscard]] Task<Value> run_on(std::shared_ptr<ClientCore> core,
                                 std::shared_ptr<Connection> connection, Command command,
                                 std::uint64_t session = 0);

/// Converts the reply of a task.
template <class T>
Task<T> convert_result(std::shared_ptr<ClientCore> core, std::string_view operation,
                       Task<Value> running) {
  Value reply = co_await std::move(running);
  if constexpr (std::is_void_v<T>) {
    throw_if_error(*core, operation, reply);
  } else {
    co_return convert_reply<T>(*core, operation, std::move(reply));
  }
}

/// Runs several commands in one write. Gives all replies, errors among them.
[[nodiscard]] Task<std::vector<Value>> run_many(std::shared_ptr<ClientCore> core,
                                                std::vector<Command> commands);

/// Runs them between MULTI and EXEC: all or none. Throws ReplyError where the server refused one,
/// WatchError where a key that `connection` watches has changed, and ConnectionLostError where it
/// is no longer in that session, unless zero: its watches ended with it.
[[nodiscard]] Task<std::vector<Value>> run_transaction(std::shared_ptr<ClientCore> core,
                                                       std::shared_ptr<Connection> connection,
                                                       std::vector<Command> commands,
                                                       std::uint64_t session = 0);

template <class... T, std::size_t... At>
std::tuple<T...> convert_each(const ClientCore& core, std::string_view operation,
                              std::vector<Value> replies, std::index_sequence<At...>) {
  return std::tuple<T...>{convert_reply<T>(core, operation, std::move(replies[At]))...};
}

/// Converts several replies, each to its type. The first that is an error is thrown.
template <class... T>
Task<std::tuple<T...>> convert_all(std::shared_ptr<ClientCore> core,
                                   Task<std::vector<Value>> running, std::string_view operation) {
  std::vector<Value> replies = co_await std::move(running);
  co_return convert_each<T...>(*core, operation, std::move(replies),
                               std::index_sequence_for<T...>());
}

}  // namespace aiopyr::redis::detail
