#include <array>
#include <utility>

#include <aiopyr/clients/postgres/session.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::postgres::detail {

namespace {

std::string begin_command(const TransactionOptions& options) {
  static constexpr std::array<std::string_view, 4> kLevels = {"", " isolation level read committed",
                                                              " isolation level repeatable read",
                                                              " isolation level serializable"};
  std::string command = "begin";
  command += kLevels[static_cast<std::size_t>(options.isolation)];
  if (options.read_only) command += " read only";
  if (options.deferrable) command += " deferrable";
  return command;
}

}  // namespace

Connection& Session::connection() const {
  if (!lease_) {
    throw InvalidStateError(
        "a transaction was used after its end: await everything within the function that was "
        "given to transaction()");
  }
  return *lease_;
}

std::string Session::new_name(std::string_view kind) {
  return "aiopyr_" + std::string(kind) + "_" + std::to_string(++names_);
}

std::shared_ptr<BatchExchange> Session::send(std::vector<Request> requests, const char* operation,
                                             std::optional<TimePoint> deadline) {
  Connection& own = connection();
  if (!has_begun_) {
    has_begun_ = true;
    requests.insert(requests.begin(), Request{unprepared(begin_command(options_)), {}});
  }
  auto exchange = std::make_shared<BatchExchange>(std::move(requests));
  exchange->operation = operation;
  exchange->deadline = deadline;
  own.send(exchange);
  return exchange;
}

void Session::send_and_forget(std::vector<std::string> commands) noexcept {
  if (!lease_ || !lease_->is_open() || Loop::current() == nullptr) return;
  std::vector<Request> requests;
  for (std::string& command : commands) {
    requests.push_back({unprepared(std::move(command)), {}});
  }
  lease_->send(std::make_shared<BatchExchange>(std::move(requests)));
}

Task<SessionPointer> begin_session(std::shared_ptr<DatabaseCore> core, TransactionOptions options,
                                   const char* operation) {
  TaskContext* const context = co_await task_context();
  std::optional<TimePoint> until;
  if (context != nullptr) until = context->deadline;
  clients::ClientCall call(core->figures(), "postgres", operation, nullptr);
  try {
    auto lease = co_await core->pool().acquire(until);
    auto session = std::make_shared<Session>(core, std::move(lease), options);
    session->call.emplace(core->figures(), "postgres", operation, nullptr);
    call.forget();
    co_return session;
  } catch (...) {
    end_with_error(call);
    throw;
  }
}

Task<std::vector<Rows>> ask_all_in(SessionPointer session, std::vector<Request> requests,
                                   const char* operation) {
  TaskContext* const context = co_await task_context();
  clients::ClientCall call(session->core().figures(), "postgres", operation, context);
  std::optional<TimePoint> deadline;
  if (context != nullptr) deadline = context->deadline;
  const std::size_t count = requests.size();
  try {
    auto exchange = session->send(std::move(requests), operation, deadline);
    auto completion = BatchExchange::completion_of(exchange);
    std::vector<Result> results = co_await clients::wait(completion);
    call.end(metrics::Outcome::kOk);
    std::vector<Rows> answers;
    for (std::size_t i = results.size() - count; i < results.size(); ++i) {
      answers.emplace_back(std::move(results[i]));
    }
    co_return answers;
  } catch (...) {
    end_with_error(call);
    throw;
  }
}

Task<Rows> ask_in(SessionPointer session, Request request, const char* operation) {
  std::vector<Request> requests;
  requests.push_back(std::move(request));
  auto asking = ask_all_in(std::move(session), std::move(requests), operation);
  std::vector<Rows> answers = co_await std::move(asking);
  co_return std::move(answers.front());
}

}  // namespace aiopyr::postgres::detail
