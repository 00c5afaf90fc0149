#include <algorithm>
#include <postgresql/libpq-fe.h>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::postgres {

namespace {

constexpr int kBinary = 1;

const char* notice_field(const PGresult* result, int code) {
  const char* const text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

/// Passes a notice on, instead of libpq's default, which writes to stderr.
void receive_notice(void* handler, const PGresult* result) {
  const auto& on_notice = *static_cast<const NoticeHandler*>(handler);
  if (!on_notice) return;
  try {
    on_notice({notice_field(result, PG_DIAG_SEVERITY_NONLOCALIZED),
               notice_field(result, PG_DIAG_SQLSTATE),
               notice_field(result, PG_DIAG_MESSAGE_PRIMARY)});
  } catch (...) {
    Loop::report_exception(std::current_exception(), "a handler of PostgreSQL's notices");
  }
}

}  // namespace

Connection::Connection(pg_conn* established, std::shared_ptr<const Settings> settings)
    : handle_(established),
      settings_(std::move(settings)),
      prepared_(std::max<std::size_t>(settings_->statement_cache, 1)) {
  PQsetnonblocking(handle_, 1);
  PQsetNoticeReceiver(handle_, &receive_notice, &on_notice_);
  PQenterPipelineMode(handle_);
  watch_for(FdEvents::kRead);
}

Connection::~Connection() {
  when_answered_ = nullptr;
  lose("the connection was closed");
}

ClientError::Context Connection::context(std::string_view operation) const {
  return {"postgres", settings_->shown, std::string(operation)};
}

bool Connection::is_in_transaction() const noexcept {
  return handle_ != nullptr && PQtransactionStatus(handle_) != PQTRANS_IDLE;
}

void Connection::send(std::shared_ptr<Exchange> exchange) {
  Loop& loop = Loop::require("a query");
  if (handle_ == nullptr) return exchange->fail(lost_error(exchange->operation));
  exchange->since = loop.now();
  if (flights_.empty()) head_since_ = loop.now();
  if (settings_->query_timeout > Duration::zero()) {
    const TimePoint limit = loop.now() + settings_->query_timeout + kGrace;
    exchange->deadline = exchange->deadline ? std::min(*exchange->deadline, limit) : limit;
  }
  if (exchange->deadline) arm(*exchange->deadline);
  const Exchange& sending = *exchange;
  flights_.push_back(std::move(exchange));
  bool sent = true;
  for (std::size_t i = 0; sent && i < sending.size(); ++i) sent = send_request(sending.request(i));
  if (!sent || !send_sync()) return lose(problem());
}

bool Connection::send_prepare(const Statement& statement) {
  if (const auto dropped = prepared_.add(statement)) {
    const std::string command = "deallocate " + *dropped;
    steps_.push_back(Step::kDrop);
    if (PQsendQueryParams(handle_, command.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ==
        0) {
      return false;
    }
  }
  steps_.push_back(Step::kPrepare);
  return PQsendPrepare(handle_, prepared_.use(statement)->c_str(), statement.text.c_str(),
                       static_cast<int>(statement.types.size()), statement.types.data()) == 1;
}

bool Connection::send_request(const Request& request) {
  const Statement& statement = *request.statement;
  const Parameters& parameters = request.parameters;
  const auto values = parameters.values();
  const int count = static_cast<int>(parameters.size());
  const std::string* name = statement.is_prepared ? prepared_.use(statement) : nullptr;
  if (statement.is_prepared && name == nullptr) {
    if (!send_prepare(statement)) return false;
    name = prepared_.use(statement);
  }
  steps_.push_back(Step::kExecute);
  if (name != nullptr) {
    return PQsendQueryPrepared(handle_, name->c_str(), count, values.data(), parameters.lengths(),
                               parameters.formats(), kBinary) == 1;
  }
  return PQsendQueryParams(handle_, statement.text.c_str(), count, parameters.types(),
                           values.data(), parameters.lengths(), parameters.formats(), kBinary) == 1;
}

bool Connection::send_sync() {
  steps_.push_back(Step::kSync);
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
  // Sends what the whole turn has asked in one write.
  if (PQsendPipelineSync(handle_) != 1) return false;
  if (!flusher_.is_linked()) Loop::current()->call_soon(flusher_);
  return true;
#else
  // Writes at once: before version 17, libpq has no Sync that waits for others.
  if (PQpipelineSync(handle_) != 1) return false;
  flush();
  return handle_ != nullptr;
#endif
}

void Connection::flush() {
  if (handle_ == nullptr) return;
  const int left = PQflush(handle_);
  if (left < 0) return lose(problem());
  watch_for(left == 0 ? FdEvents::kRead : FdEvents::kReadWrite);
}

void Connection::watch_for(FdEvents events) {
  const int fd = PQsocket(handle_);
  if (watch_.is_active() && watch_.events() == events && watch_.fd() == fd) return;
  watch_.start(Loop::require("a connection to PostgreSQL"), fd, events);
}

void Connection::on_ready(FdEvents ready) {
  if (PQconsumeInput(handle_) == 0) return lose(problem());
  if (has(ready, FdEvents::kWrite)) flush();
  read_answers();
}

void Connection::read_answers() {
  // A statement's answers end with a null pointer; two in a row say that nothing is there.
  bool was_null = false;
  while (handle_ != nullptr && !steps_.empty() && PQisBusy(handle_) == 0) {
    PGresult* const result = PQgetResult(handle_);
    if (result == nullptr && was_null) break;
    was_null = result == nullptr;
    if (result != nullptr) take_step(result);
  }
  note_times();
  if (handle_ != nullptr && PQstatus(handle_) == CONNECTION_BAD) lose(problem());
  if (handle_ != nullptr) deliver_notifications();
}

void Connection::take_step(void* taken) {
  std::unique_ptr<PGresult, decltype(&PQclear)> result(static_cast<PGresult*>(taken), &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
    return lose("the statement copies rows: ask for it by copy_in() or copy_out()");
  }
  const Step step = steps_.front();
  if ((status == PGRES_PIPELINE_SYNC) != (step == Step::kSync)) {
    return lose(PQstatus(handle_) == CONNECTION_BAD ? problem()
                                                    : "the server's answers are out of order");
  }
  steps_.pop_front();
  if (step == Step::kSync) return end_head();
  Exchange& head = *flights_.front();
  const bool has_failed =
      status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY;
  const Request* const request =
      head.answered < head.size() ? &head.request(head.answered) : nullptr;
  if (has_failed) {
    if (step == Step::kPrepare && request != nullptr) prepared_.remove(*request->statement);
    if (!head.error) take_failure(result.get(), request);
  }
  if (step != Step::kExecute) return;
  if (!has_failed && head.is_shared) note_transaction(head, PQcmdStatus(result.get()));
  if (!has_failed && !head.is_abandoned()) head.store(head.answered, Result(result.release()));
  ++head.answered;
}

void Connection::take_failure(const void* failed, const Request* request) {
  Exchange& head = *flights_.front();
  const auto* const result = static_cast<const PGresult*>(failed);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_FATAL_ERROR && status != PGRES_PIPELINE_ABORTED) {
    head.error = std::make_exception_ptr(
        ProtocolError(context(head.operation),
                      "the server answered with what this call does not take, such as "
                      "the data of a COPY: use copy_in() or copy_out()"));
    retiring_ = true;
    return;
  }
  const SqlError error = SqlError::from(result, request == nullptr ? "" : request->statement->text);
  if (error.is_stale_statement() && request != nullptr) {
    head.is_stale = true;
    prepared_.remove(*request->statement);
  }
  retiring_ = retiring_ || error.is_admin_shutdown() || error.is_read_only();
  head.error = std::make_exception_ptr(error);
}

/// Notes whether a statement has begun a transaction that is not ended yet. What was committed
/// must not be done again.
void Connection::note_transaction(Exchange& head, std::string_view command) {
  if (command == "BEGIN" || command == "START TRANSACTION") head.has_begun = true;
  if (command == "COMMIT" || command == "ROLLBACK") head.has_begun = head.may_repeat = false;
}

/// Learns how long the statements take that have ended in this turn: each the same share.
void Connection::note_times() {
  if (ended_.empty()) return;
  const TimePoint now = Loop::current()->now();
  const Duration each = (now - head_since_) / static_cast<Duration::rep>(ended_.size());
  for (const StatementPointer& statement : ended_) {
    if (statement) statement->note_time(each);
  }
  ended_.clear();
  head_since_ = now;
}

void Connection::end_head() {
  const std::shared_ptr<Exchange> head = std::move(flights_.front());
  flights_.pop_front();
  // Counts batches and failures, too; but a batch is work for several statements, and a failure
  // says nothing of how long a success takes.
  const bool tells_time = head->size() == 1 && !head->error;
  ended_.push_back(tells_time ? head->request(0).statement : nullptr);
  if (head->is_shared && (head->has_begun || (flights_.empty() && is_in_transaction()))) {
    head->fail(std::make_exception_ptr(InvalidStateError(
        "a statement began a transaction on a connection that all queries share: its connection "
        "was closed, and nothing is changed; use Database::transaction()")));
    // Fails the queries behind it too: they run in that transaction.
    return lose("another query began a transaction on the shared connection");
  }
  if (head->is_stale && head->may_repeat && !head->is_abandoned() && is_open()) {
    head->may_repeat = head->is_stale = false;
    head->error = nullptr;
    head->answered = 0;
    return send(head);
  }
  if (head->error) {
    head->fail(std::exchange(head->error, nullptr));
  } else {
    head->succeed();
  }
  if (when_answered_ != nullptr) Loop::current()->call_soon(*when_answered_);
}

void Connection::deliver_notifications() {
  while (handle_ != nullptr) {
    PGnotify* const notify = PQnotifies(handle_);
    if (notify == nullptr) return;
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> owned(notify, &PQfreemem);
    if (on_notification_) on_notification_({notify->relname, notify->extra});
  }
}

std::string Connection::problem() const {
  const char* const message = handle_ == nullptr ? "" : PQerrorMessage(handle_);
  const std::string text = to_one_line(message);
  return text.empty() ? "the connection is closed" : text;
}

std::exception_ptr Connection::lost_error(const char* operation) const {
  return std::make_exception_ptr(
      ConnectionLostError(context(operation), last_problem_, Retry::kUnsafe));
}

void Connection::lose(std::string why) noexcept {
  if (handle_ == nullptr) return;
  last_problem_ = to_one_line(why);
  watch_.stop();
  watchdog_.stop();
  flusher_.unlink();
  PQfinish(std::exchange(handle_, nullptr));
  steps_.clear();
  const auto flights = std::exchange(flights_, {});
  Loop* const loop = Loop::current();
  if (loop == nullptr) return;
  for (const auto& exchange : flights) exchange->fail(lost_error(exchange->operation));
  if (when_answered_ != nullptr) loop->call_soon(*when_answered_);
}

void Connection::close() noexcept {
  if (handle_ == nullptr || !copying_) return lose("the connection was closed");
  // Who copies watches the socket, so it may not be closed yet: it wakes, and reads the end.
  retiring_ = true;
  shutdown(PQsocket(handle_), SHUT_RDWR);
}

}  // namespace aiopyr::postgres
