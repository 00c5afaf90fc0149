#include <utility>

#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/clients/redis/connection/handshake.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>

namespace aiopyr::redis::detail {

namespace {

/// Returns what an error says, without the address if it begins with that: it is said again.
std::string without_context(std::string problem, const std::string& server) {
  const std::string begin = "redis " + server + ": ";
  return problem.starts_with(begin) ? problem.substr(begin.size()) : problem;
}

}  // namespace

void Connection::start_connecting() {
  if (state_ != State::kIdle) return;
  state_ = State::kConnecting;
  connecting_ = spawn(connect(shared_from_this()));
}

void Connection::connect_again() {
  if (state_ != State::kIdle) return;
  constexpr Duration kLasting = std::chrono::seconds(10);
  if (loop_.now() - ready_at_ >= kLasting) losses_.succeeded();
  const bool is_first = losses_.failures() == 0;
  losses_.failed(loop_.now(), clients::random_chance());
  if (is_first) return start_connecting();
  state_ = State::kAway;
  retry_timer_.start(loop_, *losses_.until());
}

/// Connects, and logs in, within the time for that.
Task<> Connection::connect(std::shared_ptr<Connection> self) {
  std::string problem;
  auto establishing = wait_for(establish(self), self->settings_->connect_timeout);
  try {
    co_await std::move(establishing);
  } catch (const TimeoutError& error) {
    problem = "no connection within connect_timeout: " + std::string(error.what());
  } catch (const std::exception& error) {
    problem = without_context(error.what(), self->context("").server);
  }
  if (self->state_ != State::kConnecting) co_return;
  if (problem.empty()) {
    self->become_ready();
  } else {
    self->fail_connecting(problem);
  }
}

Task<> Connection::establish(std::shared_ptr<Connection> self) {
  auto connecting = self->settings_->connect(self->settings_->connect_timeout);
  auto transport = co_await std::move(connecting);
  if (self->state_ != State::kConnecting) co_return;
  self->open(std::move(transport));
  auto greeting = Handshake::run(self);
  co_await std::move(greeting);
}

void Connection::open(std::unique_ptr<Transport> transport) {
  transport_ = std::move(transport);
  ++session_;
  reader_ = ReplyReader(settings_->limits);
  output_.clear();
  output_done_ = 0;
  appended_ = 0;
  is_retiring_ = false;
  has_received_ = false;
  watch_for_output();
}

void Connection::become_ready() {
  if (!transport_) return fail_connecting(last_problem_);
  state_ = State::kReady;
  ready_at_ = loop_.now();
  backoff_.succeeded();
  settings_->figures->connects.add();
  settings_->figures->connections.add(1);
  health_timer_.start_after(loop_, settings_->health_interval);
  for (Pending& each : waiting_) {
    each.begin += appended_;
    each.deadline = deadline_of(*each.operation);
    pending_.push_back(std::move(each));
  }
  waiting_.clear();
  appended_ += waiting_output_.size();
  output_.append(std::exchange(waiting_output_, {}));
  arm_answer_timer();
  if (!output_.empty()) flush_soon();
  if (on_state_) on_state_(true);
}

void Connection::fail_connecting(const std::string& problem) {
  drop_transport();
  state_ = State::kAway;
  last_problem_ = problem;
  settings_->figures->connect_failures.add();
  backoff_.failed(loop_.now(), clients::random_chance());
  retry_timer_.start(loop_, *backoff_.until());
  fail_all(problem, Loss::kNoConnection);
}

/// Tries again in the background; operations fail until that has succeeded.
void Connection::try_again() {
  if (state_ != State::kAway) return;
  state_ = State::kIdle;
  start_connecting();
}

/// Ends a connection that is broken, or cannot be read any further.
void Connection::lose(const std::string& problem, Loss loss) {
  drop_transport();
  last_problem_ = problem;
  if (state_ == State::kReady) {
    state_ = State::kIdle;
    settings_->figures->connections.add(-1);
    fail_all(problem, loss);
    if (on_state_) on_state_(false);
    if (!waiting_.empty()) start_connecting();
  } else {
    fail_pending(problem, loss);  // the handshake's, which tells connect()
  }
}

/// Closes a connection that has no operations any more.
void Connection::retire() { lose("the server is no master any more", Loss::kConnection); }

void Connection::close(const std::string& problem) {
  if (state_ == State::kClosed) return;
  const auto self = shared_from_this();
  if (state_ == State::kReady) settings_->figures->connections.add(-1);
  state_ = State::kClosed;
  connecting_.cancel();
  retry_timer_.stop();
  drop_transport();
  fail_all(problem, Loss::kConnection);
  on_message_ = nullptr;
  on_state_ = nullptr;
}

void Connection::drop_transport() noexcept {
  watch_.stop();
  flush_.unlink();
  read_again_.unlink();
  answer_timer_.stop();
  health_timer_.stop();
  transport_.reset();
}

/// Returns the error of an operation. `was_written`: the server may have read it.
std::exception_ptr Connection::error_of(const Operation& operation, const std::string& problem,
                                        Loss loss, bool was_written) const {
  const Retry retry = was_written ? Retry::kUnsafe : Retry::kSafe;
  auto where = context(operation.name());
  switch (loss) {
    case Loss::kNoConnection:
      return std::make_exception_ptr(ConnectError(std::move(where), problem));
    case Loss::kTimeout:
      return std::make_exception_ptr(ClientTimeoutError(std::move(where), problem, retry));
    case Loss::kProtocol:
      return std::make_exception_ptr(ProtocolError(std::move(where), problem));
    case Loss::kConnection:
      break;
  }
  return std::make_exception_ptr(ConnectionLostError(std::move(where), problem, retry));
}

/// Fails the operations that were sent. Only the first one can be blamed for being late.
void Connection::fail_pending(const std::string& problem, Loss loss) {
  const std::uint64_t written = appended_ - (output_.size() - output_done_);
  const auto failed = std::exchange(pending_, {});
  output_.clear();
  output_done_ = 0;
  for (const Pending& each : failed) {
    if (!each.operation->is_abandoned()) {
      each.operation->on_error(error_of(*each.operation, problem, loss, each.begin < written));
    }
    if (loss == Loss::kTimeout) loss = Loss::kConnection;
  }
}

/// Fails those that were not sent too.
void Connection::fail_all(const std::string& problem, Loss loss) {
  fail_pending(problem, loss);
  if (state_ == State::kIdle) return;  // they wait for the next connection
  waiting_output_.clear();
  for (const Pending& each : std::exchange(waiting_, {})) {
    each.operation->on_error(error_of(*each.operation, problem, loss, false));
  }
}

}  // namespace aiopyr::redis::detail
