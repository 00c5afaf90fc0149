#include <algorithm>
#include <chrono>
#include <utility>

#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/fiber_wait.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/websocket/native_session.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/utf8.h>

namespace aiopyr::websocket {
namespace {

// So many messages of one peer, then the others get their turn.
constexpr int kMessagesATurn = 64;

/// Coroutines run in the root context only; so does what may resume them.
template <class F>
void in_root(F f) {
  Fiber::call_in_root([](void* call) { (*static_cast<F*>(call))(); }, &f);
}

/// A text that is none could not be sent back as one.
Message make_message(std::string payload, NativeWebsocket::Kind kind, bool use_str) {
  if (kind == NativeWebsocket::Kind::kBinary || !is_valid_utf8(payload)) {
    return Message::binary(std::move(payload));
  }
  auto message = Message::text(std::move(payload));
  return use_str ? std::move(message) : std::move(message).as_bytes();
}

}  // namespace

/// Wakes the session's fiber for input, or when its patience is over.
class NativeSession::Waiter final : public FdWatch, public Timer {
 public:
  explicit Waiter(NativeSession& session) noexcept : session_(session) {}

 private:
  void on_ready(FdEvents) override {
    FdWatch::stop();
    session_.notify();
  }
  void on_timer() override { session_.notify(); }

  NativeSession& session_;
};

/// Whichever way the fiber leaves, the view does not go on without it.
class NativeSession::ViewGuard {
 public:
  explicit ViewGuard(NativeSession& session) noexcept : session_(session) {}
  ~ViewGuard() {
    in_root([this] { session_.drop_view(); });
  }
  ViewGuard(const ViewGuard&) = delete;
  ViewGuard& operator=(const ViewGuard&) = delete;

 private:
  NativeSession& session_;
};

NativeSession::NativeSession(NativeWebsocket& native, Opening opening, bool use_str,
                             Endpoint endpoint)
    : Websocket(std::move(opening.info)),
      native_(native),
      handler_(std::move(opening.handler)),
      endpoint_(std::move(endpoint)),
      use_str_(use_str) {}

NativeSession::~NativeSession() = default;

std::exception_ptr NativeSession::run() {
  fiber_ = Fiber::current();
  const ViewGuard guard(*this);
  Connections::of_this_thread().add(hook_);
  set_opened();
  in_root([this] { start_view(); });
  for (;;) {
    woken_ = false;
    receive();
    send_queued();
    if (is_over()) return view_error_;
    wait();
  }
}

void NativeSession::start_view() noexcept {
  try {
    view_ = handler_->run(*this);
    if (view_.start(&on_view_done, this)) on_view_done(this);
  } catch (...) {
    end_view(std::current_exception());
  }
}

void NativeSession::on_view_done(void* self) noexcept {
  auto& session = *static_cast<NativeSession*>(self);
  try {
    session.view_.take_result();
    session.end_view(nullptr);
  } catch (...) {
    const auto error = std::current_exception();
    session.end_view(session.is_end_of(error) ? nullptr : error);
  }
}

void NativeSession::end_view(std::exception_ptr error) noexcept {
  view_ = Task<>();
  handler_.reset();
  view_done_ = true;
  view_error_ = std::move(error);
  if (is_open()) close(view_error_ ? kInternalError : kNormalClosure);
  notify();
}

void NativeSession::drop_view() noexcept {
  view_ = Task<>();
  handler_.reset();
  view_done_ = true;
  fiber_ = nullptr;
  hook_.unlink();
  set_lost();
  // For coroutines beside the view that have kept the websocket.
  if (!input_ended()) end_input();
}

void NativeSession::notify() noexcept {
  woken_ = true;
  if (fiber_ != nullptr) fiber_->unpark();
}

void NativeSession::put(Opcode type, std::string_view payload) {
  outbox_.push_back({type, std::string(payload)});
  outbox_bytes_ += payload.size();
}

void NativeSession::put_fragment(Opcode opcode, std::string_view payload, bool last) {
  if (opcode != Opcode::kContinuation) fragments_ = {opcode, {}};
  fragments_.payload.append(payload);
  if (!last) return;
  put(fragments_.type, fragments_.payload);
  fragments_.payload.clear();
}

void NativeSession::send_ping(std::string_view payload) {
  put(Opcode::kPing, payload);
  notify();
}

bool NativeSession::is_full() const noexcept {
  return !is_lost() && outbox_bytes_ > endpoint_.high_water;
}

void NativeSession::send_close(std::uint16_t code, std::string_view reason) {
  close_command_ = CloseCommand{code, std::string(reason)};
  notify();
}

bool NativeSession::is_over() const noexcept { return view_done_ && is_lost(); }

bool NativeSession::wants_input() const noexcept {
  // Behind our close frame messages are dropped, so that the peer's is found.
  return !is_lost() && (!closing_.may_send() || inbox_size() < endpoint_.inbox_capacity);
}

void NativeSession::receive() {
  for (int i = 0; wants_input(); ++i) {
    if (i == kMessagesATurn) {
      static_cast<void>(sleep_on_fiber(Duration::zero()));
      notify();
      return;
    }
    std::string payload;
    auto kind = NativeWebsocket::Kind::kText;
    switch (native_.receive(payload, kind)) {
      case NativeWebsocket::Received::kMessage:
        take(std::move(payload), kind);
        // The answer leaves before what comes next is looked at, which may be the end.
        send_queued();
        break;
      case NativeWebsocket::Received::kPong:
        in_root([&] { take_pong(payload); });
        break;
      case NativeWebsocket::Received::kNothing:
        return;
      case NativeWebsocket::Received::kClosed:
        end_by_peer();
        return;
    }
  }
}

void NativeSession::take(std::string payload, NativeWebsocket::Kind kind) {
  in_root([&] {
    if (!has_reader() && !closing_.may_send()) return;
    deliver(make_message(std::move(payload), kind, use_str_));
  });
}

/// The server's engine tells neither the peer's code nor whether there was one, so it counts as a
/// close without a code: vanishing is no error of the view.
void NativeSession::end_by_peer() {
  if (closing_.on_received(kNoStatusReceived, {})) {
    static_cast<void>(closing_.on_sent(kNoStatusReceived, {}));
  }
  lose();
}

void NativeSession::lose() {
  outbox_.clear();
  outbox_bytes_ = 0;
  close_command_.reset();
  set_lost();
  in_root([this] { end_input(); });
}

void NativeSession::send_queued() {
  release_backlog();
  while (!is_lost() && !outbox_.empty()) {
    // The view may add to the queue while the fiber is parked in send().
    const auto outgoing = std::move(outbox_.front());
    outbox_.pop_front();
    const bool sent = send_now(outgoing);
    outbox_bytes_ -= outgoing.payload.size();
    if (!sent) return lose();
    if (outbox_bytes_ <= endpoint_.low_water()) {
      release_backlog();
      wake_senders();
    }
  }
  if (!is_lost() && close_command_) send_close_frame();
}

bool NativeSession::send_now(const Outgoing& outgoing) {
  if (outgoing.type == Opcode::kPing) return native_.send_ping(outgoing.payload);
  Connections::of_this_thread().counters().count_sent(outgoing.payload.size());
  return native_.send(outgoing.type == Opcode::kText ? NativeWebsocket::Kind::kText
                                                     : NativeWebsocket::Kind::kBinary,
                      outgoing.payload);
}

void NativeSession::send_close_frame() {
  const auto command = *std::exchange(close_command_, std::nullopt);
  native_.send_close(command.code, command.reason);
  close_deadline_ = fiber_->loop().now() + endpoint_.close_timeout;
}

Duration NativeSession::patience() const {
  const Duration keepalive = std::chrono::seconds(std::max(native_.ping_interval(), 1));
  if (!close_deadline_) return keepalive;
  return std::clamp(*close_deadline_ - fiber_->loop().now(), Duration::zero(), keepalive);
}

void NativeSession::wait() {
  Waiter waiter(*this);
  if (wants_input()) waiter.FdWatch::start(fiber_->loop(), native_.fd(), FdEvents::kRead);
  if (!is_lost()) waiter.start_after(fiber_->loop(), patience());
  while (!woken_) Fiber::park();
  if (close_deadline_ && !is_lost() && fiber_->loop().now() >= *close_deadline_) lose();
}

}  // namespace aiopyr::websocket
