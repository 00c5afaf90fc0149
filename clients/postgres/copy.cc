#include <algorithm>
#include <postgresql/libpq-fe.h>
#include <utility>

#include <aiopyr/clients/postgres/copy_state.h>
#include <aiopyr/clients/postgres/transaction.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/fd_wait.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::postgres {

namespace detail {

namespace {

using CopyPointer = std::shared_ptr<CopyState>;

/// libpq copies a row into its buffer before it can be sent, so large pieces are cut.
constexpr std::size_t kPiece = 64 * 1024;

Connection& connection_of(const CopyState& state) {
  Connection& connection = state.session->connection();
  if (connection.handle() == nullptr) std::rethrow_exception(connection.lost_error("copy"));
  return connection;
}

[[noreturn]] void lose(Connection& connection) {
  connection.lose(PQerrorMessage(connection.handle()));
  std::rethrow_exception(connection.lost_error("copy"));
}

/// Waits until the server sends, or takes, something.
Task<void> wait_for_server(CopyPointer state, FdEvents events) {
  Connection& connection = connection_of(*state);
  const Duration limit = connection.settings().query_timeout;
  const int fd = PQsocket(connection.handle());
  if (limit == Duration::zero()) {
    const FdEvents ready = co_await wait_for_fd(fd, events);
    static_cast<void>(ready);
  } else {
    bool is_late = false;
    try {
      auto waiting = wait_for_fd(fd, events, Seconds(limit));
      co_await std::move(waiting);
    } catch (const TimeoutError&) {
      is_late = true;
    }
    if (is_late) {
      connection.close();
      throw ClientTimeoutError(connection.context("copy"), "the server did not go on in time",
                               Retry::kUnsafe);
    }
  }
  if (PQconsumeInput(connection.handle()) == 0) lose(connection);
}

Task<void> flush(CopyPointer state) {
  for (;;) {
    Connection& connection = connection_of(*state);
    const int left = PQflush(connection.handle());
    if (left < 0) lose(connection);
    if (left == 0) co_return;
    auto waiting = wait_for_server(state, FdEvents::kReadWrite);
    co_await std::move(waiting);
  }
}

/// Returns the next result; one without a native one at the end of all.
Task<Result> next_result(CopyPointer state) {
  while (PQisBusy(connection_of(*state).handle()) != 0) {
    auto waiting = wait_for_server(state, FdEvents::kRead);
    co_await std::move(waiting);
  }
  co_return Result(PQgetResult(connection_of(*state).handle()));
}

/// Reads the results that end the COPY, and returns to the pipeline.
Task<std::uint64_t> end_copy(CopyPointer state) {
  std::uint64_t rows = 0;
  std::exception_ptr error;
  for (;;) {
    auto reading = next_result(state);
    const Result result = co_await std::move(reading);
    if (result.native() == nullptr) break;
    const ExecStatusType status = PQresultStatus(result.native());
    if (status == PGRES_FATAL_ERROR && !error) {
      error = std::make_exception_ptr(SqlError::from(result.native(), state->sql));
    }
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
      throw ProtocolError(connection_of(*state).context("copy"),
                          "the statement copies the other "
                          "way");
    }
    rows = result.affected_rows();
  }
  state->is_open = false;
  connection_of(*state).end_copy();
  if (state->is_own) {
    state->session->call->end(error ? metrics::Outcome::kError : metrics::Outcome::kOk);
    end_session(*state->session);
  }
  if (error) std::rethrow_exception(error);
  co_return rows;
}

/// Waits until nothing else is on the way, and sends the statement.
Task<void> begin_copy(CopyPointer state, int wanted) {
  if (!state->is_own) {
    auto settling = ask_all_in(state->session, {}, "copy");
    co_await std::move(settling);
  }
  Connection& connection = connection_of(*state);
  connection.begin_copy();
  state->is_open = true;
  if (PQsendQuery(connection.handle(), state->sql.c_str()) == 0) lose(connection);
  auto flushing = flush(state);
  co_await std::move(flushing);
  auto reading = next_result(state);
  const Result result = co_await std::move(reading);
  if (static_cast<int>(PQresultStatus(result.native())) == wanted) co_return;
  if (PQresultStatus(result.native()) != PGRES_FATAL_ERROR) {
    throw InvalidStateError("not a COPY in this direction: " + shorten_statement(state->sql));
  }
  auto ending = end_copy(state);
  try {
    co_await std::move(ending);
  } catch (const SqlError&) {
    // Thrown below, with all its fields.
  }
  throw SqlError::from(result.native(), state->sql);
}

Task<CopyPointer> make_state(std::shared_ptr<DatabaseCore> core, SessionPointer session,
                             std::string sql, int wanted) {
  const bool is_own = session == nullptr;
  if (is_own) {
    auto beginning = begin_session(core, TransactionOptions{}, "copy");
    session = co_await std::move(beginning);
  }
  auto state = std::make_shared<CopyState>(std::move(session), std::move(sql), is_own);
  auto starting = begin_copy(state, wanted);
  co_await std::move(starting);
  co_return state;
}

Task<void> write(CopyPointer state, std::string data) {
  for (std::size_t at = 0; at < data.size(); at += kPiece) {
    const auto length = static_cast<int>(std::min(kPiece, data.size() - at));
    int taken = 0;
    while (taken == 0) {
      Connection& connection = connection_of(*state);
      taken = PQputCopyData(connection.handle(), data.data() + at, length);
      if (taken < 0) lose(connection);
      auto flushing = flush(state);
      co_await std::move(flushing);
    }
  }
}

Task<std::uint64_t> finish(CopyPointer state) {
  int taken = 0;
  while (taken == 0) {
    Connection& connection = connection_of(*state);
    taken = PQputCopyEnd(connection.handle(), nullptr);
    if (taken < 0) lose(connection);
    auto flushing = flush(state);
    co_await std::move(flushing);
  }
  auto ending = end_copy(state);
  co_return co_await std::move(ending);
}

Task<std::optional<std::string>> read(CopyPointer state) {
  std::optional<std::string> row;
  if (!state->is_open) co_return row;
  for (;;) {
    char* buffer = nullptr;
    Connection& connection = connection_of(*state);
    const int length = PQgetCopyData(connection.handle(), &buffer, 1);
    if (length > 0) {
      const std::unique_ptr<char, decltype(&PQfreemem)> owned(buffer, &PQfreemem);
      row.emplace(buffer, static_cast<std::size_t>(length));
      co_return row;
    }
    if (length == -2) lose(connection);
    if (length == -1) break;
    auto waiting = wait_for_server(state, FdEvents::kRead);
    co_await std::move(waiting);
  }
  auto ending = end_copy(state);
  co_await std::move(ending);
  co_return row;
}

}  // namespace

CopyState::~CopyState() {
  if (is_open && session->is_open()) session->connection().close();
  if (is_own) end_session(*session);
}

Task<CopyIn> begin_copy_in(std::shared_ptr<DatabaseCore> core, SessionPointer session,
                           std::string sql) {
  auto making = make_state(std::move(core), std::move(session), std::move(sql), PGRES_COPY_IN);
  CopyPointer state = co_await std::move(making);
  co_return CopyIn(std::move(state));
}

Task<CopyOut> begin_copy_out(std::shared_ptr<DatabaseCore> core, SessionPointer session,
                             std::string sql) {
  auto making = make_state(std::move(core), std::move(session), std::move(sql), PGRES_COPY_OUT);
  CopyPointer state = co_await std::move(making);
  co_return CopyOut(std::move(state));
}

}  // namespace detail

CopyIn::CopyIn(std::shared_ptr<detail::CopyState> state) noexcept : state_(std::move(state)) {}
CopyIn::CopyIn(CopyIn&&) noexcept = default;
CopyIn& CopyIn::operator=(CopyIn&&) noexcept = default;
CopyIn::~CopyIn() = default;

Task<void> CopyIn::write(std::string data) { return detail::write(state_, std::move(data)); }

Task<std::uint64_t> CopyIn::finish() { return detail::finish(state_); }

CopyOut::CopyOut(std::shared_ptr<detail::CopyState> state) noexcept : state_(std::move(state)) {}
CopyOut::CopyOut(CopyOut&&) noexcept = default;
CopyOut& CopyOut::operator=(CopyOut&&) noexcept = default;
CopyOut::~CopyOut() = default;

Task<std::optional<std::string>> CopyOut::read() { return detail::read(state_); }

}  // namespace aiopyr::postgres
