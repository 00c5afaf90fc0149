#include <algorithm>
#include <utility>

#include <aiopyr/clients/base/client_call.h>
#include <aiopyr/clients/postgres/database_core.h>
#include <aiopyr/clients/postgres/listener.h>
#include <aiopyr/clients/postgres/values/errors.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::postgres {

namespace detail {

namespace {

/// The interval at which the server is asked whether the connection is still there, and channels
/// that nobody reads are given up.
constexpr double kCheck = 15;

/// The server cuts longer names (PostgreSQL: NAMEDATALEN), and would notify another channel.
constexpr std::size_t kLongestName = 63;

/// Writes a channel's name as SQL (PostgreSQL: Identifiers).
std::string quote(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

Task<void> wait_for_event(Event* event) { co_await event->wait(); }

Task<void> run_command(Connection* connection, std::string command) {
  auto request = Request{unprepared(std::move(command)), {}};
  auto exchange = std::make_shared<SingleExchange>(std::move(request));
  exchange->operation = "listen";
  auto completion = SingleExchange::completion_of(exchange);
  connection->send(std::move(exchange));
  const Result result = co_await clients::wait(completion);
}

Task<Received> next_of(std::shared_ptr<SubscriptionState> state) {
  while (state->received.empty()) {
    if (state->error) std::rethrow_exception(state->error);
    if (state->phase == SubscriptionState::Phase::kClosed) {
      throw ConnectError({"postgres", "", "listen"}, "the Database of this subscription is closed");
    }
    state->changed.clear();
    co_await state->changed.wait();
  }
  Received received = std::move(state->received.front());
  state->received.pop_front();
  co_return received;
}

}  // namespace

void SubscriptionState::push(std::string payload) {
  if (received.size() >= Subscription::kMost) return add_gap();
  received.push_back({std::move(payload), false});
  changed.set();
}

void SubscriptionState::add_gap() {
  if (received.empty() || !received.back().is_gap) received.push_back({"", true});
  changed.set();
}

void SubscriptionState::end(std::exception_ptr why) {
  error = std::move(why);
  set(Phase::kClosed);
}

void SubscriptionState::set(Phase next) {
  if (phase == Phase::kLost && next == Phase::kListening) add_gap();
  phase = next;
  changed.set();
}

std::vector<Listener::StatePointer> Listener::subscribers() {
  std::vector<StatePointer> living;
  std::erase_if(subscribers_, [&](const auto& weak) {
    auto state = weak.lock();
    const bool is_gone = !state || state->phase == SubscriptionState::Phase::kClosed;
    if (!is_gone) living.push_back(std::move(state));
    return is_gone;
  });
  return living;
}

bool Listener::has_new() {
  const std::vector<StatePointer> states = subscribers();
  return std::any_of(states.begin(), states.end(), [](const StatePointer& state) {
    return state->phase != SubscriptionState::Phase::kListening;
  });
}

void Listener::close() noexcept {
  is_closed_ = true;
  if (Loop::current() == nullptr) return;
  for (const StatePointer& state : subscribers()) state->set(SubscriptionState::Phase::kClosed);
  changed_.set();
}

void Listener::deliver(const Notification& notification) {
  for (const StatePointer& state : subscribers()) {
    if (state->channel == notification.channel) state->push(notification.payload);
  }
}

/// Ends the subscriptions that have not begun, and has the others begin again.
void Listener::note_loss(const std::exception_ptr& error) {
  using Phase = SubscriptionState::Phase;
  connection_.reset();
  backoff_.failed(Loop::current()->now(), clients::random_chance());
  for (const StatePointer& state : subscribers()) {
    if (state->phase == Phase::kNew) state->error = error;
    state->set(state->phase == Phase::kNew ? Phase::kClosed : Phase::kLost);
  }
}

Task<void> Listener::connect(std::shared_ptr<DatabaseCore> core, Pointer self) {
  clients::ClientCall call(core->figures(), "postgres", "listen", nullptr);
  auto connecting = core->connect_alone();
  self->connection_ = co_await std::move(connecting);
  self->channels_.clear();
  self->connection_->on_notification(
      [listener = self.get()](const Notification& one) { listener->deliver(one); });
  self->connection_->when_answered(&self->on_answer_);
  call.end(metrics::Outcome::kOk);
}

/// Has the server listen on the channels of which it does not know yet.
Task<void> Listener::listen_anew(Pointer self) {
  using Phase = SubscriptionState::Phase;
  const std::vector<StatePointer> states = self->subscribers();
  for (const StatePointer& state : states) {
    if (state->phase == Phase::kListening) continue;
    std::exception_ptr refusal;
    auto listening = run_command(self->connection_.get(), "listen " + quote(state->channel));
    try {
      co_await std::move(listening);
      self->channels_.insert(state->channel);
    } catch (const SqlError&) {
      refusal = std::current_exception();
    }
    // Ends only what was refused, unless the connection is of no use to the others either.
    if (refusal && !self->connection_->is_open()) std::rethrow_exception(refusal);
    if (refusal) state->end(refusal);
    if (state->phase != Phase::kClosed) state->set(Phase::kListening);
  }
}

std::vector<std::string> Listener::unread_channels() {
  std::set<std::string> unread = channels_;
  for (const StatePointer& state : subscribers()) unread.erase(state->channel);
  return {unread.begin(), unread.end()};
}

/// Has the server forget the channels that nobody reads any more.
Task<void> Listener::stop_listening(Pointer self) {
  const std::vector<std::string> channels = self->unread_channels();
  for (const std::string& channel : channels) {
    self->channels_.erase(channel);
    auto stopping = run_command(self->connection_.get(), "unlisten " + quote(channel));
    co_await std::move(stopping);
  }
}

/// Waits until there is something to do; returns false where the connection should be tried.
Task<bool> Listener::wait_for_change(Pointer self) {
  auto waiting = wait_for(wait_for_event(&self->changed_), kCheck);
  bool has_changed = true;
  try {
    co_await std::move(waiting);
  } catch (const TimeoutError&) {
    has_changed = false;
  }
  co_return has_changed;
}

/// Listens until the connection is lost, which it throws, or nobody subscribes any more.
Task<void> Listener::serve(std::shared_ptr<DatabaseCore> core, Pointer self) {
  auto connecting = connect(core, self);
  co_await std::move(connecting);
  while (!self->is_closed_ && !self->subscribers().empty()) {
    self->changed_.clear();
    if (self->has_new()) {
      auto listening = listen_anew(self);
      co_await std::move(listening);
      self->backoff_.succeeded();
      continue;
    }
    auto stopping = stop_listening(self);
    co_await std::move(stopping);
    auto waiting = wait_for_change(self);
    const bool has_changed = co_await std::move(waiting);
    if (!self->connection_->is_open()) {
      std::rethrow_exception(self->connection_->lost_error("listen"));
    }
    if (has_changed) continue;
    auto asking = run_command(self->connection_.get(), "select 1");
    co_await std::move(asking);
  }
  self->connection_.reset();
}

/// Makes the connection again whenever it is lost, as long as there are subscriptions.
Task<void> Listener::keep(std::shared_ptr<DatabaseCore> core, Pointer self) {
  while (!self->is_closed_ && !self->subscribers().empty()) {
    std::exception_ptr error;
    auto serving = serve(core, self);
    try {
      co_await std::move(serving);
    } catch (...) {
      error = std::current_exception();
    }
    if (!error) continue;
    self->note_loss(error);
    const Seconds pause(*self->backoff_.until() - Loop::current()->now());
    if (!self->subscribers().empty()) co_await sleep(pause);
  }
  self->connection_.reset();
  self->is_kept_ = false;
}

Task<Subscription> Listener::subscribe(std::shared_ptr<DatabaseCore> core, std::string channel) {
  using Phase = SubscriptionState::Phase;
  if (channel.empty() || channel.size() > kLongestName || channel.find('\0') != channel.npos) {
    throw ValueError("a channel's name has 1 to 63 bytes, none of them NUL");
  }
  const Pointer self = core->listener();
  if (self->is_closed_) {
    throw ConnectError({"postgres", core->settings()->shown, "listen"}, "the Database is closed");
  }
  auto state = std::make_shared<SubscriptionState>(std::move(channel));
  self->subscribers_.push_back(state);
  self->changed_.set();
  if (!std::exchange(self->is_kept_, true)) spawn(keep(core, self));
  while (state->phase == Phase::kNew) {
    state->changed.clear();
    co_await state->changed.wait();
  }
  if (state->error) std::rethrow_exception(state->error);
  co_return Subscription(std::move(state));
}

}  // namespace detail

Subscription::Subscription(std::shared_ptr<detail::SubscriptionState> state) noexcept
    : state_(std::move(state)) {}
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription& Subscription::operator=(Subscription&&) noexcept = default;
Subscription::~Subscription() = default;

Task<Received> Subscription::next() { return detail::next_of(state_); }

}  // namespace aiopyr::postgres
