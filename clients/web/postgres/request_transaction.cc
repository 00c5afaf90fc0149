#include <exception>
#include <utility>

#include <aiopyr/clients/postgres/transaction.h>
#include <aiopyr/clients/web/postgres/request_transaction.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/waits/lock.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry/registry.h>

namespace aiopyr::postgres {

namespace {

/// The name of the request's property.
constexpr std::string_view kProperty = "postgres.request_transaction";

}  // namespace

namespace detail {

/// A request's transaction and its connection, taken at the first use. Loop thread only.
class RequestSession {
 public:
  RequestSession(Database& database, TransactionOptions options)
      : database_(database), options_(options) {}

  /// Returns the transaction; begins it if this is the first use. Of several first uses at the same
  /// time, the others wait.
  [[nodiscard]] Task<std::shared_ptr<Transaction>> use() {
    const auto guard = co_await lock_.acquire();
    if (has_ended_) {
      throw InvalidStateError(
          "a request's transaction was used after its end: it ends when the view has answered, so "
          "spawned tasks ask the Database");
    }
    if (!transaction_) {
      auto beginning = begin_transaction(database_.core(), options_);
      session_ = co_await std::move(beginning);
      transaction_ = std::make_shared<Transaction>(session_);
    }
    co_return transaction_;
  }

  /// Ends it: commits unless `error` says why not.
  [[nodiscard]] Task<> end(std::exception_ptr error) {
    has_ended_ = true;
    if (!session_) co_return;
    const std::shared_ptr<Session> session = std::move(session_);
    const SessionEnd end(*session);
    auto ending = error ? roll_back(session, error) : commit(session);
    co_await std::move(ending);
  }

  [[nodiscard]] bool has_begun() const noexcept { return session_ != nullptr; }
  void doom() noexcept { is_doomed_ = true; }
  [[nodiscard]] bool is_doomed() const noexcept { return is_doomed_; }

  /// Gives the connection back to the pool, which rolls back: for a request that was cancelled.
  ~RequestSession() {
    if (session_) end_session(*session_);
  }
  RequestSession(const RequestSession&) = delete;
  RequestSession& operator=(const RequestSession&) = delete;

 private:
  Database& database_;
  TransactionOptions options_;
  Lock lock_;
  std::shared_ptr<Session> session_;
  std::shared_ptr<Transaction> transaction_;
  bool has_ended_ = false;
  bool is_doomed_ = false;
};

}  // namespace detail

namespace {

using detail::RequestSession;

Task<Rows> ask_session(std::shared_ptr<RequestSession> session, std::string sql,
                       Parameters parameters, const char* operation) {
  auto using_it = session->use();
  const std::shared_ptr<Transaction> transaction = co_await std::move(using_it);
  auto asking = transaction->ask(sql, std::move(parameters), operation);
  co_return co_await std::move(asking);
}

Task<std::vector<Rows>> ask_all_of_session(std::shared_ptr<RequestSession> session,
                                           Batch statements) {
  auto using_it = session->use();
  const std::shared_ptr<Transaction> transaction = co_await std::move(using_it);
  auto asking = transaction->ask_all(std::move(statements));
  co_return co_await std::move(asking);
}

std::exception_ptr rolled_back() {
  return std::make_exception_ptr(Error("the request's transaction is rolled back"));
}

bool is_failure(Request&, const Response& response) { return response.status_code() >= 400; }

/// The tween of one app.
class TransactionTween {
 public:
  TransactionTween(Handler next, RequestTransactionOptions options)
      : next_(std::move(next)), options_(std::move(options)) {}

  Response operator()(Request& request) const {
    const auto session = request.property<std::shared_ptr<RequestSession>>(kProperty);
    try {
      Response response = next_(request);
      finish(request, *session, response);
      return response;
    } catch (const std::exception&) {
      if (session->has_begun()) wait_on_fiber(session->end(std::current_exception()));
      throw;
    }
  }

 private:
  void finish(Request& request, RequestSession& session, const Response& response) const {
    const bool fails = session.is_doomed() || request.exception() != nullptr ||
                       options_.commit_veto(request, response);
    wait_on_fiber(session.end(fails ? rolled_back() : nullptr));
  }

  Handler next_;
  RequestTransactionOptions options_;
};

}  // namespace

void RequestTransaction::doom() noexcept { session_->doom(); }

Task<Rows> RequestTransaction::ask(std::string_view sql, Parameters parameters,
                                   const char* operation) {
  return ask_session(session_, std::string(sql), std::move(parameters), operation);
}

Task<std::vector<Rows>> RequestTransaction::ask_all(Batch statements) {
  return ask_all_of_session(session_, std::move(statements));
}

void add_request_transactions(Configurator& config, RequestTransactionOptions options) {
  if (!options.commit_veto) options.commit_veto = is_failure;
  const auto make = [database = options.database, how = options.transaction](Request& request) {
    return std::make_shared<RequestSession>(request.registry().get<Database>(database), how);
  };
  config.add_request_method(std::string(kProperty), make, {.reify = true});
  const auto tween = [options](Handler next, Registry&) -> Handler {
    return TransactionTween(std::move(next), options);
  };
  config.add_tween(tween, {.name = "aiopyr.postgres.transactions", .over = std::string(kExcview)});
}

RequestTransaction request_transaction(Request& request) {
  return RequestTransaction(request.property<std::shared_ptr<RequestSession>>(kProperty));
}

}  // namespace aiopyr::postgres
