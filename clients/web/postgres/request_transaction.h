#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/postgres/database.h>
#include <aiopyr/clients/postgres/queries.h>
#include <aiopyr/clients/postgres/transaction_options.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::postgres {

namespace detail {
class RequestSession;
}

/// The transaction of a request, as pyramid_tm's `request.tm`: begun by the first statement, on a
/// connection of its own; committed once the view has answered, rolled back where that failed. See
/// add_request_transactions(). A handle: copies are the same transaction. For the request's view
/// and what it awaits; coroutines that run at the same time may share it.
class RequestTransaction : public Queries<RequestTransaction> {
 public:
  explicit RequestTransaction(std::shared_ptr<detail::RequestSession> session)
      : session_(std::move(session)) {}

  /// Makes the end a roll-back, whatever the response is; as transaction.doom().
  void doom() noexcept;

  // The primitives of Queries. They throw InvalidStateError once the transaction has ended.
  [[nodiscard]] Task<Rows> ask(std::string_view sql, Parameters parameters, const char* operation);
  [[nodiscard]] Task<std::vector<Rows>> ask_all(Batch statements);

 private:
  std::shared_ptr<detail::RequestSession> session_;
};

struct RequestTransactionOptions {
  std::string database{};  ///< the Database's name in the registry; empty for the one without
  TransactionOptions transaction{};
  /// Returns whether to roll back in spite of a response. Default: statuses from 400 on.
  std::function<bool(Request&, const Response&)> commit_veto{};
};

/// Gives each request of the app a transaction, by a tween over EXCVIEW: it is committed after the
/// response was made, and rolled back where an exception leaves the views, where an exception view
/// has answered one, and where the response is vetoed. A commit that fails is an exception like the
/// view's own: a 500, or 503 where the database is away. A request that asks nothing takes no
/// connection.
///
///     config.on_worker_start([url](Registry& registry) {
///       registry.emplace<postgres::Database>(url);
///     });
///     postgres::add_request_transactions(config);
///     ...
///     auto tx = postgres::request_transaction(request);
///     co_await tx.execute("insert into job (title) values ($1)", title);
///
/// pyramid_tm's retries are not there: a view that may run again calls Database::transaction().
void add_request_transactions(Configurator& config, RequestTransactionOptions options = {});

/// Returns the request's transaction. Throws Error that says what to do in an app without
/// add_request_transactions().
[[nodiscard]] RequestTransaction request_transaction(Request& request);

}  // namespace aiopyr::postgres
