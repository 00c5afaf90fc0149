#include <algorithm>
#include <chrono>
#include <utility>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/websocket/connection/uwsgi_session.h>
#include <aiopyr/websocket/protocol/close_code.h>

namespace aiopyr::websocket {
namespace {

// The most messages of one peer in a turn, before others get theirs.
constexpr int kMessagesATurn = 64;

/// Runs `f` in the root context, where coroutines run, and the code that resumes them.
template <class F>
void in_root(F f) {
  Fiber::call_in_root([](void* call) { (*static_cast<F*>(call))(); }, &f);
}

/// Makes a message. An invalid text becomes bytes, since it could not be sent back as a text.
Message make_message(std::string payload, NativeWebsocket::Kind kind, bool use_str) {
  if (kind == NativeWebsocket::Kind::kBinary || !is_valid_utf8(payload)) {
    return Message::binary(std::move(payload));
  }
  auto message = Message::text(std::move(payload));
  return use_str ? std::move(message) : std::move(message).as_bytes();
}

}  // namespace

/// Wakes the session's fiber for input, or when its time has passed.
class UwsgiSession::Waiter final : public FdWatch, public Timer {
 public:
  explicit Waiter(UwsgiSession& session) noexcept : session_(session) {}

 private:
  void on_ready(FdEvents) override {
    FdWatch::stop();
    session_.notify();
  }
  void on_timer() override { session_.notify(); }

  UwsgiSession& session_;
};

/// Ends the view with the fiber, however the fiber leaves.
class UwsgiSession::ViewGuard {
 public:
  explicit ViewGuard(UwsgiSession& session) noexcept : session_(session) {}
  ~ViewGuard() {
    in_root([this] { session_.drop_view(); });
  }
  ViewGuard(const ViewGuard&) = delete;
  ViewGuard& operator=(const ViewGuard&) = delete;

 private:
  UwsgiSession& session_;
};

UwsgiSession::UwsgiSession(NativeWebsocket& engine, Opening opening, bool use_str,
                           std::shared_ptr<const Endpoint> endpoint)
    : Websocket(static_cast<Stream&>(*this), std::move(opening.info), std::move(endpoint)),
      engine_(engine),
      handler_(std::move(opening.handler)),
      use_str_(use_str) {}

UwsgiSession::~UwsgiSession() = default;

std::exception_ptr UwsgiSession::run() {
  fiber_ = Fiber::current();
  const ViewGuard guard(*this);
  session_.shared().add(hook_);
  session_.set_opened();
  in_root([this] { start_view(); });
  for (;;) {
    woken_ = false;
    receive();
    send_queued();
    if (is_over()) return view_error_;
    wait();
  }
}

void UwsgiSession::start_view() noexcept {
  try {
    view_ = handler_->run(*this);
    if (view_.start(&on_view_done, this)) on_view_done(this);
  } catch (...) {
    end_view(std::current_exception());
  }
}

void UwsgiSession::on_view_done(void* self) noexcept {
  auto& session = *static_cast<UwsgiSession*>(self);
  try {
    session.view_.take_result();
    session.end_view(nullptr);
  } catch (...) {
    const auto error = std::current_exception();
    session.end_view(session.session_.is_end_of(error) ? nullptr : error);
  }
}

void UwsgiSession::end_view(std::exception_ptr error) noexcept {
  view_ = Task<>();
  handler_.reset();
  view_done_ = true;
  view_error_ = std::move(error);
  session_.close(view_error_ ? kInternalError : kNormalClosure, {});
  notify();
}

void UwsgiSession::drop_view() noexcept {
  view_ = Task<>();
  handler_.reset();
  view_done_ = true;
  fiber_ = nullptr;
  hook_.unlink();
  session_.set_lost();
  // Ends the input for coroutines beside the view that have kept the websocket.
  if (!session_.inbox().has_ended()) session_.inbox().end();
}

void UwsgiSession::notify() noexcept {
  woken_ = true;
  if (fiber_ != nullptr) fiber_->unpark();
}

void UwsgiSession::put_message(Opcode type, std::string_view payload) {
  queue(type, payload);
  notify();
}

void UwsgiSession::put_prepared(const PreparedMessage& message, Follows follows) {
  queue(message.type(), message.payload());
  if (follows == Follows::kNothing) notify();
}

void UwsgiSession::put_piece(Opcode opcode, std::string_view piece, bool fin) {
  if (opcode != Opcode::kContinuation) pieces_ = {opcode, {}};
  pieces_.payload.append(piece);
  if (!fin) return;
  put_message(pieces_.type, pieces_.payload);
  pieces_.payload.clear();
}

void UwsgiSession::put_ping(std::string_view payload) { put_message(Opcode::kPing, payload); }

void UwsgiSession::put_close(std::uint16_t code, std::string_view reason) {
  close_command_ = CloseCommand{code, std::string(reason)};
  notify();
}

void UwsgiSession::queue(Opcode type, std::string_view payload) {
  queue_.push_back({type, std::string(payload)});
  queued_bytes_ += payload.size();
}

bool UwsgiSession::is_full() const noexcept {
  return !session_.is_lost() && queued_bytes_ > session_.endpoint().high_water;
}

bool UwsgiSession::is_over() const noexcept { return view_done_ && session_.is_lost(); }

bool UwsgiSession::wants_input() const noexcept {
  // Messages after our close frame are dropped, so that the peer's is found.
  if (session_.is_lost() || !may_end()) return false;
  return !session_.closing().may_send() ||
         session_.inbox().size() < session_.endpoint().inbox_capacity;
}

void UwsgiSession::receive() {
  for (int i = 0; wants_input(); ++i) {
    if (i == kMessagesATurn) {
      static_cast<void>(sleep_on_fiber(Duration::zero()));
      notify();
      return;
    }
    std::string payload;
    auto kind = NativeWebsocket::Kind::kText;
    const auto received = engine_.receive(payload, kind);
    switch (received) {
      case NativeWebsocket::Received::kMessage:
        take(std::move(payload), kind);
        // Sends the answer before looking at the next event, which may be the end.
        send_queued();
        break;
      case NativeWebsocket::Received::kPong:
        in_root([&] { session_.take_pong(payload); });
        break;
      case NativeWebsocket::Received::kNothing:
        return;
      case NativeWebsocket::Received::kClosing:
      case NativeWebsocket::Received::kViolation:
        begin_end(received);
        break;
      case NativeWebsocket::Received::kClosed:
        end_by_peer();
        return;
    }
  }
}

void UwsgiSession::take(std::string payload, NativeWebsocket::Kind kind) {
  in_root([&] {
    if (!session_.inbox().has_reader() && !session_.closing().may_send()) return;
    session_.deliver(make_message(std::move(payload), kind, use_str_));
  });
}

/// Lets the view answer the valid messages before the end. All coroutines get a turn first: one may
/// be about to continue after a wait for room.
void UwsgiSession::begin_end(NativeWebsocket::Received announced) {
  end_ = announced;
  end_deadline_ = fiber_->loop().now() + session_.endpoint().close_timeout;
  static_cast<void>(sleep_on_fiber(Duration::zero()));
  send_queued();
}

/// Returns whether the end may take effect: a close frame once the view has taken all messages
/// before it, a violation once the view asks for more, both once its answers have left. A view that
/// never does is given as long as a peer to close.
bool UwsgiSession::may_end() const noexcept {
  if (!end_ || !session_.closing().may_send()) return true;
  if (fiber_->loop().now() >= end_deadline_) return true;
  if (!queue_.empty()) return false;
  if (view_done_ || session_.inbox().has_reader()) return true;
  return *end_ == NativeWebsocket::Received::kClosing && session_.inbox().size() == 0;
}

/// Ends as if the peer had closed without a code: the server's engine does not report the peer's
/// code, nor whether there was one, and a vanished peer is not an error of the view.
void UwsgiSession::end_by_peer() {
  if (session_.hear_close(kNoStatusReceived, {})) {
    static_cast<void>(session_.say_close(kNoStatusReceived, {}));
  }
  lose();
}

void UwsgiSession::lose() {
  queue_.clear();
  queued_bytes_ = 0;
  close_command_.reset();
  session_.set_lost();
  in_root([this] { session_.inbox().end(); });
}

void UwsgiSession::send_queued() {
  session_.release();
  while (!session_.is_lost() && !queue_.empty()) {
    // Takes it out first: the view may add to the queue while the fiber is parked in send().
    const auto message = std::move(queue_.front());
    queue_.pop_front();
    const bool sent = send_now(message);
    queued_bytes_ -= message.payload.size();
    if (!sent) return lose();
    if (queued_bytes_ <= session_.endpoint().low_water()) {
      session_.release();
      session_.outbox().wake_senders();
    }
  }
  if (!session_.is_lost() && close_command_) send_close_frame();
}

bool UwsgiSession::send_now(const Queued& message) {
  using Kind = NativeWebsocket::Kind;
  if (message.type == Opcode::kPing) return engine_.send_ping(message.payload);
  session_.shared().counters().count_sent(message.payload.size());
  return engine_.send(message.type == Opcode::kText ? Kind::kText : Kind::kBinary, message.payload);
}

void UwsgiSession::send_close_frame() {
  const auto command = *std::exchange(close_command_, std::nullopt);
  engine_.send_close(command.code, command.reason);
  close_deadline_ = fiber_->loop().now() + session_.endpoint().close_timeout;
}

Duration UwsgiSession::patience() const {
  const Duration keepalive = std::chrono::seconds(std::max(engine_.ping_interval(), 1));
  const TimePoint now = fiber_->loop().now();
  if (close_deadline_) return std::clamp(*close_deadline_ - now, Duration::zero(), keepalive);
  return end_ ? std::clamp(end_deadline_ - now, Duration::zero(), keepalive) : keepalive;
}

void UwsgiSession::wait() {
  // The end has already arrived, so the socket does not report it.
  if (end_ && wants_input()) return;
  Waiter waiter(*this);
  if (wants_input()) waiter.FdWatch::start(fiber_->loop(), engine_.fd(), FdEvents::kRead);
  if (!session_.is_lost()) waiter.start_after(fiber_->loop(), patience());
  while (!woken_) Fiber::park();
  if (close_deadline_ && !session_.is_lost() && fiber_->loop().now() >= *close_deadline_) lose();
}

}  // namespace aiopyr::websocket
