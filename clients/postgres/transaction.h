#pragma once

#include <exception>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/copy.h>
#include <aiopyr/clients/postgres/queries.h>
#include <aiopyr/clients/postgres/row_stream.h>
#include <aiopyr/clients/postgres/transaction_options.h>
#include <aiopyr/runtime/async/tasks/result.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::postgres {

class Transaction;

namespace detail {

class DatabaseCore;
class Session;

/// A function that takes a Transaction and gives a Task.
template <class F>
concept TransactionBody =
    std::invocable<F&, Transaction&> && AnyTask<std::invoke_result_t<F&, Transaction&>>;
template <class F>
using BodyResult = typename std::remove_cvref_t<std::invoke_result_t<F&, Transaction&>>::value_type;

/// Calls `end()` of a session, however the frame ends.
void end_session(Session& session) noexcept;
[[nodiscard]] Task<std::shared_ptr<Session>> begin_transaction(std::shared_ptr<DatabaseCore> core,
                                                               TransactionOptions options);
[[nodiscard]] Task<void> commit(std::shared_ptr<Session> session);
/// Rolls back, within the pool's cleanup_timeout; throws nothing.
[[nodiscard]] Task<void> roll_back(std::shared_ptr<Session> session, std::exception_ptr error);
[[nodiscard]] bool may_run_again(const std::exception_ptr& error, unsigned attempt,
                                 const TransactionOptions& options) noexcept;
[[nodiscard]] Seconds pause_before(unsigned attempt);

/// A savepoint; the destructor rolls back to it unless it was released.
class Savepoint {
 public:
  explicit Savepoint(std::shared_ptr<Session> session);
  Savepoint(const Savepoint&) = delete;
  ~Savepoint();
  [[nodiscard]] Task<void> set();
  [[nodiscard]] Task<void> release();
  [[nodiscard]] Task<void> roll_back();

 private:
  std::shared_ptr<Session> session_;
  std::string name_;
  bool is_set_ = false;
};

class SessionEnd {
 public:
  explicit SessionEnd(Session& session) noexcept : session_(session) {}
  SessionEnd(const SessionEnd&) = delete;
  ~SessionEnd() { end_session(session_); }

 private:
  Session& session_;
};

}  // namespace detail

/// A transaction, on a connection of its own, as long as the function runs that has it. What it
/// asks beyond that throws InvalidStateError. Not to be shared between requests. Loop thread only.
class Transaction : public Queries<Transaction> {
 public:
  explicit Transaction(std::shared_ptr<detail::Session> session) : session_(std::move(session)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Runs `f` within a savepoint: where it throws, or is destroyed, only what it did is undone.
  template <detail::TransactionBody F>
  [[nodiscard]] auto transaction(F f) {
    return run_savepoint<detail::BodyResult<F>>(session_, std::move(f));
  }

  /// Returns the rows at the consumer's pace, as Database::stream().
  template <class... Values>
  [[nodiscard]] RowStream stream(std::string_view sql, const Values&... values) {
    return RowStream(nullptr, session_, sql, encode(values...));
  }

  // Copy rows in and out, as Database::copy_in() and copy_out(). Only one at a time, and nothing
  // else meanwhile.
  [[nodiscard]] Task<CopyIn> copy_in(std::string sql);
  [[nodiscard]] Task<CopyOut> copy_out(std::string sql);

  // The primitives of Queries.
  [[nodiscard]] Task<Rows> ask(std::string_view sql, Parameters parameters, const char* operation);
  [[nodiscard]] Task<std::vector<Rows>> ask_all(Batch statements);

 private:
  template <class T, class F>
  static Task<T> run_savepoint(std::shared_ptr<detail::Session> session, F f);

  std::shared_ptr<detail::Session> session_;
};

namespace detail {

/// Runs `f(transaction)` and stores what it gives.
template <class T, class F>
Task<void> run_body(F& f, Transaction& transaction, aiopyr::detail::Result<T>& result) {
  Task<T> body = f(transaction);
  if constexpr (std::is_void_v<T>) {
    co_await std::move(body);
    result.capture([] {});
  } else {
    T value = co_await std::move(body);
    result.capture([&value]() -> T { return std::move(value); });
  }
}

template <class T, class F>
Task<T> run_transaction(std::shared_ptr<DatabaseCore> core, F f, TransactionOptions options) {
  for (unsigned attempt = 0;; ++attempt) {
    auto beginning = begin_transaction(core, options);
    std::shared_ptr<Session> session = co_await std::move(beginning);
    const SessionEnd end(*session);
    Transaction transaction(session);
    aiopyr::detail::Result<T> result;
    std::exception_ptr error;
    try {
      auto body = run_body<T, F>(f, transaction, result);
      co_await std::move(body);
      auto committing = commit(session);
      co_await std::move(committing);
    } catch (...) {
      error = std::current_exception();
    }
    if (!error) co_return result.take();
    auto undoing = roll_back(session, error);
    co_await std::move(undoing);
    if (!may_run_again(error, attempt, options)) std::rethrow_exception(error);
    end_session(*session);  // others have the connection during the pause
    const Seconds pause = pause_before(attempt);
    co_await sleep(pause);
  }
}

}  // namespace detail

template <class T, class F>
Task<T> Transaction::run_savepoint(std::shared_ptr<detail::Session> session, F f) {
  detail::Savepoint savepoint(session);
  auto setting = savepoint.set();
  co_await std::move(setting);
  Transaction transaction(session);
  aiopyr::detail::Result<T> result;
  std::exception_ptr error;
  try {
    auto body = detail::run_body<T, F>(f, transaction, result);
    co_await std::move(body);
    auto releasing = savepoint.release();
    co_await std::move(releasing);
  } catch (...) {
    error = std::current_exception();
  }
  if (!error) co_return result.take();
  auto undoing = savepoint.roll_back();
  co_await std::move(undoing);
  std::rethrow_exception(error);
}

}  // namespace aiopyr::postgres
