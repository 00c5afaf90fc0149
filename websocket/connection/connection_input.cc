#include <utility>

#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::websocket {

void Connection::on_recv() {
  const bool reads = watch().is_active() && has(watch().events(), FdEvents::kRead);
  const bool waits_for_view = failure_ != ProtocolError::kNone || !unread_.empty();
  if (waits_for_view || !transport_ || !reads) schedule();
}

bool Connection::inbox_is_full() const noexcept {
  // Nothing is kept after our close frame, so that the peer's is found whatever the view does.
  return session_.inbox().size() >= endpoint().inbox_capacity && may_send();
}

bool Connection::wants_input() const noexcept {
  if (!transport_ || at_end_) return false;
  return is_draining() || (failure_ == ProtocolError::kNone && unread_.empty() && !inbox_is_full());
}

void Connection::read() {
  using Status = Transport::Status;
  read_waits_ = FdEvents::kRead;
  do {
    const auto buffer = shared().input();
    const auto result = transport_->read(buffer);
    switch (result.status) {
      case Status::kOk:
        heard_ = loop().now();
        unanswered_ = false;
        process(buffer.first(result.bytes));
        break;
      case Status::kWantWrite:
        read_waits_ = FdEvents::kWrite;
        return;
      case Status::kWantRead:
        return;
      case Status::kEndOfFile:
        end_of_stream();
        return;
      case Status::kError:
        drop();
        return;
    }
  } while (transport_ && transport_->has_buffered_input() && wants_input());
}

/// Handles the peer's end. A peer that has closed in order still reads until our answer arrives.
void Connection::end_of_stream() {
  at_end_ = true;
  if (!is_draining() || output_.empty()) drop();
}

void Connection::read_unread() {
  if (!unread_.empty() && !inbox_is_full()) {
    std::string input = unread_.take();
    process(std::as_writable_bytes(std::span{input}));
  }
  // Reads on: bytes that a TLS stream has taken off the socket make no event.
  if (wants_input() && transport_->has_buffered_input()) read();
}

void Connection::process(std::span<std::byte> input) {
  while (!input.empty()) {
    const auto incoming = receiver_.next(input);
    if (!incoming) break;
    take_incoming(incoming);
    if (inbox_is_full() || receiver_.ended()) break;
  }
  if (receiver_.ended() || input.empty()) return;
  unread_.assign({reinterpret_cast<const char*>(input.data()), input.size()});
}

void Connection::take_incoming(const Incoming& incoming) {
  using Kind = Incoming::Kind;
  switch (incoming.kind) {
    case Kind::kText:
    case Kind::kBinary:
      handle_message(incoming);
      break;
    case Kind::kPing:
      answer_ping(incoming.view());
      break;
    case Kind::kClose:
      handle_close(incoming);
      break;
    case Kind::kError:
      take_violation(incoming.error);
      break;
    case Kind::kPong:
      if (incoming.view() == Pings::payload_of(ping_)) session_.set_latency(loop().now() - pinged_);
      session_.take_pong(incoming.view());
      break;
    case Kind::kNone:
      break;
  }
}

void Connection::handle_message(const Incoming& incoming) {
  moved_ = loop().now();
  // Takes it in any case: the receiver would hold it until there is more input.
  std::string data = receiver_.take(incoming);
  if (!session_.inbox().has_reader() && (view_done_ || !may_send())) return;
  const bool is_text = incoming.kind == Incoming::Kind::kText;
  session_.deliver(
      Message(is_text ? Opcode::kText : Opcode::kBinary, std::move(data), is_text && !use_bytes_));
}

void Connection::answer_ping(std::string_view payload) {
  // RFC 6455 section 5.5.3 requires an answer only to the most recent ping: a peer that floods us
  // and does not read gets only as many pongs as there is room for.
  if (!transport_ || !may_send() || is_full()) return;
  static_cast<void>(append_pong(tail(), payload));
}

void Connection::handle_close(const Incoming& incoming) {
  const auto code = incoming.close_code;
  if (session_.hear_close(code, incoming.view())) {
    // RFC 6455 section 5.5.1: the answer repeats the code.
    static_cast<void>(session_.say_close(code, {}));
    if (code == kNoStatusReceived) {
      append_empty_close(tail());
    } else {
      static_cast<void>(append_close(tail(), code));
    }
  }
  begin_drain();
}

/// Records a violation, which takes effect once the view asks for more, so that it can answer the
/// valid messages before. A view that never does is given as long as a peer to close.
void Connection::take_violation(ProtocolError error) {
  failure_ = error;
  deadline().start_after(loop(), endpoint().close_timeout);
  fail_when_idle();
}

void Connection::fail_when_idle() {
  if (failure_ == ProtocolError::kNone) return;
  if (!view_done_ && !session_.inbox().has_reader() && may_send()) return;
  fail(close_code_for(failure_), message_for(failure_));
}

}  // namespace aiopyr::websocket
