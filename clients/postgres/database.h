#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/connection/notices.h>
#include <aiopyr/clients/postgres/queries.h>
#include <aiopyr/clients/postgres/subscription.h>
#include <aiopyr/clients/postgres/transaction.h>
#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::postgres {

/// A PostgreSQL database, by a pool of connections of this process:
///
///     postgres::Database db("postgresql://app:secret@db.example/app?pool_size=8");
///     const auto rows = co_await db.query("select id, title from job where id > $1", after);
///     const auto title = co_await db.query_one<std::string>("select title from job where id = $1",
///                                                           id);
///     co_await db.transaction(move_money);   // Task<void> move_money(postgres::Transaction&)
///
/// Queries of all requests share connections in pipeline mode; a transaction has one of its own.
/// Connections are made when they are needed. docs/postgresql.md has the parameters and the
/// timeouts.
///
/// Make it on the loop's thread after the fork, and use it there. What it has begun may outlive it:
/// then queries that wait for a connection fail, and the others go on.
class Database : public Queries<Database> {
 public:
  /// Reads a URL, or libpq's keywords and values. Throws ConfigurationError. `on_notice` gets the
  /// server's warnings and other notices; by default they are dropped.
  explicit Database(std::string_view url, NoticeHandler on_notice = nullptr);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Runs `f(transaction)` in a transaction: commits when it has ended, rolls back where it throws
  /// or is destroyed. Returns what `f` gives. BEGIN goes with the first statement, in one round
  /// trip; a function that asks nothing costs none. `f` is called again after a conflict with
  /// others if `options.retries` says so.
  template <detail::TransactionBody F>
  [[nodiscard]] auto transaction(F f, TransactionOptions options = {}) {
    return detail::run_transaction<detail::BodyResult<F>, F>(core_, std::move(f), options);
  }

  /// Returns the rows of a query at the pace of who reads them, on a connection of its own.
  template <class... Values>
  [[nodiscard]] RowStream stream(std::string_view sql, const Values&... values) {
    return RowStream(core_, nullptr, sql, encode(values...));
  }

  // Copy rows in and out in bulk, on a connection of its own.
  [[nodiscard]] Task<CopyIn> copy_in(std::string sql);
  [[nodiscard]] Task<CopyOut> copy_out(std::string sql);

  /// Subscribes to a channel, and waits until the server listens. Throws ValueError for a name that
  /// is empty, longer than the 63 bytes of which the server takes note, or has NUL.
  [[nodiscard]] Task<Subscription> listen(std::string channel);

  /// Returns a sentence on whether so many processes with a pool of this size each find enough
  /// connections at the server, and begins it with `enough` or `too few`.
  [[nodiscard]] Task<std::string> check_capacity(unsigned processes);

  /// Lets what runs go on for `within`, then closes all connections. Later queries fail.
  [[nodiscard]] Task<void> close(Seconds within = 2);

  /// Returns the part that lives as long as what it has begun; for what is built on this class.
  [[nodiscard]] const std::shared_ptr<detail::DatabaseCore>& core() const noexcept { return core_; }

  // The primitives of Queries.
  [[nodiscard]] Task<Rows> ask(std::string_view sql, Parameters parameters, const char* operation);
  [[nodiscard]] Task<std::vector<Rows>> ask_all(Batch statements);

 private:
  std::shared_ptr<detail::DatabaseCore> core_;
};

}  // namespace aiopyr::postgres
