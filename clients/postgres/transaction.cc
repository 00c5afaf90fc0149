#include <utility>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/postgres/copy_state.h>
#include <aiopyr/clients/postgres/session.h>
#include <aiopyr/clients/postgres/transaction.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>

namespace aiopyr::postgres {

namespace detail {

namespace {

std::vector<Request> commands(std::vector<std::string> texts) {
  std::vector<Request> requests;
  for (std::string& text : texts) requests.push_back({unprepared(std::move(text)), {}});
  return requests;
}

Task<void> run(SessionPointer session, std::vector<std::string> texts) {
  auto requests = commands(std::move(texts));
  auto asking = ask_all_in(std::move(session), std::move(requests), "transaction");
  const std::vector<Rows> answers = co_await std::move(asking);
}

}  // namespace

void end_session(Session& session) noexcept {
  session.call.reset();
  session.end();
}

Task<SessionPointer> begin_transaction(std::shared_ptr<DatabaseCore> core,
                                       TransactionOptions options) {
  return begin_session(std::move(core), options, "transaction");
}

Task<void> commit(SessionPointer session) {
  if (session->has_begun()) {
    auto requests = commands({"commit"});
    auto exchange = session->send(std::move(requests), "commit", std::nullopt);
    auto completion = BatchExchange::completion_of(exchange);
    const std::vector<Result> results = co_await clients::wait(completion);
    if (results.back().command() == "ROLLBACK") {
      throw PostgresError(
          "a transaction was rolled back instead of committed, since one of its statements had "
          "failed: let its SqlError leave the function, or run what may fail in a nested "
          "transaction");
    }
  }
  session->call->end(metrics::Outcome::kOk);
}

Task<void> roll_back(SessionPointer session, std::exception_ptr error) {
  session->call->end(clients::outcome_of(error));
  if (!session->is_open() || !session->connection().is_open()) co_return;
  if (session->connection().is_clean()) co_return;
  try {
    auto cleaning = wait_for(session->connection().clean(),
                             Seconds(session->core().pool().limits().cleanup_timeout));
    co_await std::move(cleaning);
  } catch (const std::exception&) {
    session->connection().close();
  }
}

bool may_run_again(const std::exception_ptr& error, unsigned attempt,
                   const TransactionOptions& options) noexcept {
  if (attempt >= options.retries) return false;
  try {
    std::rethrow_exception(error);
  } catch (const SqlError& sql) {
    return sql.is_serialization_failure() || sql.is_deadlock();
  } catch (...) {
    return false;
  }
}

Seconds pause_before(unsigned attempt) {
  const unsigned doublings = attempt < 6 ? attempt : 6;
  return Seconds(0.005 * (1U << doublings) * clients::random_chance());
}

Savepoint::Savepoint(SessionPointer session)
    : session_(std::move(session)), name_(session_->new_name("savepoint")) {}

Savepoint::~Savepoint() {
  if (is_set_) session_->send_and_forget({"rollback to " + name_, "release " + name_});
}

Task<void> Savepoint::set() {
  is_set_ = true;
  return run(session_, {"savepoint " + name_});
}

Task<void> Savepoint::release() {
  is_set_ = false;
  return run(session_, {"release " + name_});
}

Task<void> Savepoint::roll_back() {
  is_set_ = false;
  return run(session_, {"rollback to " + name_, "release " + name_});
}

}  // namespace detail

Task<Rows> Transaction::ask(std::string_view sql, Parameters parameters, const char* operation) {
  return detail::ask_in(session_, session_->core().request(sql, std::move(parameters)), operation);
}

Task<CopyIn> Transaction::copy_in(std::string sql) {
  return detail::begin_copy_in(nullptr, session_, std::move(sql));
}

Task<CopyOut> Transaction::copy_out(std::string sql) {
  return detail::begin_copy_out(nullptr, session_, std::move(sql));
}

Task<std::vector<Rows>> Transaction::ask_all(Batch statements) {
  std::vector<Request> requests;
  for (Batch::Item& item : std::move(statements).take()) {
    requests.push_back(session_->core().request(item.sql, std::move(item.parameters)));
  }
  return detail::ask_all_in(session_, std::move(requests), "batch");
}

}  // namespace aiopyr::postgres
