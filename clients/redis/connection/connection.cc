#include <utility>

#include <aiopyr/clients/redis/connection/connection.h>

namespace aiopyr::redis::detail {

Connection::Connection(Loop& loop, std::shared_ptr<const ConnectionSettings> settings)
    : loop_(loop), settings_(std::move(settings)), reader_(settings_->limits) {}

Connection::~Connection() { drop_transport(); }

void Connection::receive_messages(MessageHandler on_message, StateHandler on_state) {
  on_message_ = std::move(on_message);
  on_state_ = std::move(on_state);
}

ClientError::Context Connection::context(std::string_view operation) const {
  return {"redis", settings_->server, std::string(operation)};
}

void Connection::send(std::shared_ptr<Operation> operation, std::span<const Command> commands) {
  if (auto refused = refusal(*operation)) return operation->on_error(std::move(refused));
  if (state_ == State::kReady && !is_retiring_) return put(std::move(operation), commands);
  const TimePoint deadline = deadline_of(*operation);
  const std::uint32_t replies = operation->replies();
  const std::uint64_t begin = waiting_output_.size();
  for (const Command& command : commands) command.append_to(waiting_output_);
  waiting_.push_back({std::move(operation), replies, begin, deadline});
  if (state_ == State::kIdle) start_connecting();
}

/// Appends commands to what is sent at the end of the turn.
void Connection::put(std::shared_ptr<Operation> operation, std::span<const Command> commands) {
  const TimePoint deadline = deadline_of(*operation);
  const std::uint32_t replies = operation->replies();
  const std::size_t before = output_.size();
  for (const Command& command : commands) command.append_to(output_);
  pending_.push_back({std::move(operation), replies, appended_, deadline});
  appended_ += output_.size() - before;
  if (pending_.size() == 1) arm_answer_timer();
  flush_soon();
}

/// Returns the error of an operation that is not even tried; null where it is.
std::exception_ptr Connection::refusal(const Operation& operation) const {
  if (state_ == State::kClosed || is_refusing_) {
    return std::make_exception_ptr(ConnectError(context(operation.name()), "the client is closed"));
  }
  const bool is_same = state_ == State::kReady && !is_retiring_ && operation.session == session_;
  if (operation.session != 0 && !is_same) {
    return std::make_exception_ptr(ConnectionLostError(
        context(operation.name()),
        "the connection was lost, and with it what had begun on it: begin again", Retry::kSafe));
  }
  const bool is_away =
      state_ == State::kAway || (state_ == State::kConnecting && backoff_.failures() > 0);
  if (is_away) {
    return std::make_exception_ptr(
        ConnectError(context(operation.name()), "the server is away: " + last_problem_));
  }
  const std::size_t unsent = output_.size() - output_done_ + waiting_output_.size();
  if (pending() >= settings_->max_pending || unsent >= settings_->max_pending_bytes) {
    return std::make_exception_ptr(
        PoolExhaustedError(context(operation.name()),
                           "too many commands are not answered yet: raise max_pending, or "
                           "max_pending_bytes, or ask less at a time"));
  }
  return nullptr;
}

TimePoint Connection::deadline_of(const Operation& operation) const noexcept {
  const Duration timeout = operation.timeout.value_or(settings_->timeout);
  return timeout == Duration::zero() ? TimePoint::max() : loop_.now() + timeout;
}

void Connection::Watch::on_ready(FdEvents ready) { owner_.on_ready(ready); }
void Connection::Alarm::on_timer() { (owner_.*f_)(); }
void Connection::Later::run() { (owner_.*f_)(); }

}  // namespace aiopyr::redis::detail
