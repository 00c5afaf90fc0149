#include <string>
#include <utility>
#include <vector>

#include <aiopyr/clients/postgres/row_stream.h>
#include <aiopyr/clients/postgres/session.h>
#include <aiopyr/clients/postgres/transaction.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::postgres {

namespace detail {

struct StreamState {
  enum class Phase : std::uint8_t { kNew, kOpen, kFailed, kEnded };

  StreamState(std::shared_ptr<DatabaseCore> of, SessionPointer in, std::string_view sql,
              Parameters values)
      : core(std::move(of)), session(std::move(in)), is_own(session == nullptr) {
    query.statement = unprepared(std::string(sql));
    query.parameters = std::move(values);
  }
  StreamState(const StreamState&) = delete;
  ~StreamState() {
    if (!session) return;
    if (is_own) {
      end_session(*session);
    } else if (phase == Phase::kOpen || phase == Phase::kFailed) {
      session->send_and_forget({"close " + cursor});
    }
  }

  std::shared_ptr<DatabaseCore> core;
  SessionPointer session;
  bool is_own;
  Phase phase = Phase::kNew;
  Request query;
  std::string cursor;
  std::size_t portion = 256;
  std::shared_ptr<BatchExchange> coming;  ///< the portion that is on the way
  Rows rows;                              ///< the portion that next() reads
  std::size_t read = 0;
  bool is_reading = false;
};

namespace {

using StreamPointer = std::shared_ptr<StreamState>;

/// Says that somebody reads, as long as it lives.
class ReaderMark {
 public:
  explicit ReaderMark(StreamPointer state) : state_(std::move(state)) {
    if (std::exchange(state_->is_reading, true)) {
      throw InvalidStateError("two coroutines read the same stream of rows: await one at a time");
    }
  }
  ReaderMark(const ReaderMark&) = delete;
  ~ReaderMark() { state_->is_reading = false; }

 private:
  StreamPointer state_;
};

Request fetch(StreamState& state) {
  return {unprepared("fetch " + std::to_string(state.portion) + " from " + state.cursor), {}};
}

/// Asks for the first portion, together with the beginning of the cursor.
void open_cursor(StreamState& state, std::optional<TimePoint> deadline) {
  state.cursor = state.session->new_name("cursor");
  std::vector<Request> requests;
  auto declare = unprepared("declare " + state.cursor + " no scroll cursor for " +
                            state.query.statement->text);
  requests.push_back({std::move(declare), std::move(state.query.parameters)});
  requests.push_back(fetch(state));
  state.coming = state.session->send(std::move(requests), "stream", deadline);
  state.phase = StreamState::Phase::kOpen;
}

void ask_for_more(StreamState& state, std::optional<TimePoint> deadline) {
  std::vector<Request> requests;
  requests.push_back(fetch(state));
  state.coming = state.session->send(std::move(requests), "stream", deadline);
}

Task<void> end_stream(StreamPointer state) {
  state->phase = StreamState::Phase::kEnded;
  std::vector<Request> requests;
  requests.push_back({unprepared("close " + state->cursor), {}});
  if (state->is_own) requests.push_back({unprepared("commit"), {}});
  auto exchange = state->session->send(std::move(requests), "stream", std::nullopt);
  auto completion = BatchExchange::completion_of(exchange);
  const std::vector<Result> results = co_await clients::wait(completion);
  if (!state->is_own) co_return;
  state->session->call->end(metrics::Outcome::kOk);
  end_session(*state->session);
}

Task<Rows> read_portion(StreamPointer state) {
  const ReaderMark mark(state);
  if (state->phase == StreamState::Phase::kEnded) co_return Rows();
  if (state->phase == StreamState::Phase::kFailed) {
    throw InvalidStateError(
        "a stream of rows was read on after a read that failed or was cancelled");
  }
  TaskContext* const context = co_await task_context();
  std::optional<TimePoint> deadline;
  if (context != nullptr) deadline = context->deadline;
  if (!state->session) {
    auto beginning = begin_session(state->core, TransactionOptions{}, "stream");
    state->session = co_await std::move(beginning);
  }
  if (state->phase == StreamState::Phase::kNew) open_cursor(*state, deadline);
  auto completion = BatchExchange::completion_of(state->coming);
  // Stays so where an exception, or the end of this frame, ends the wait.
  state->phase = StreamState::Phase::kFailed;
  std::vector<Result> results = co_await clients::wait(completion);
  state->phase = StreamState::Phase::kOpen;
  state->coming.reset();
  Rows rows(std::move(results.back()));
  if (rows.size() == state->portion) {
    ask_for_more(*state, deadline);
  } else {
    auto ending = end_stream(state);
    co_await std::move(ending);
  }
  co_return rows;
}

Task<std::optional<Row>> next_row(StreamPointer state) {
  if (state->read == state->rows.size()) {
    auto reading = read_portion(state);
    state->rows = co_await std::move(reading);
    state->read = 0;
  }
  std::optional<Row> row;
  if (state->read < state->rows.size()) row.emplace(state->rows[state->read++]);
  co_return row;
}

}  // namespace

}  // namespace detail

RowStream::RowStream(std::shared_ptr<detail::DatabaseCore> core,
                     std::shared_ptr<detail::Session> session, std::string_view sql,
                     Parameters parameters)
    : state_(std::make_shared<detail::StreamState>(std::move(core), std::move(session), sql,
                                                   std::move(parameters))) {}

RowStream::RowStream(RowStream&&) noexcept = default;
RowStream& RowStream::operator=(RowStream&&) noexcept = default;
RowStream::~RowStream() = default;

RowStream& RowStream::portion(std::size_t rows) & {
  state_->portion = rows == 0 ? 1 : rows;
  return *this;
}

Task<std::optional<Row>> RowStream::next() { return detail::next_row(state_); }

Task<Rows> RowStream::next_portion() { return detail::read_portion(state_); }

}  // namespace aiopyr::postgres
