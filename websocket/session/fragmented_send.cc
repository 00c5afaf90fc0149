#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/session/fragmented_send.h>

namespace aiopyr::detail {

using websocket::Opcode;

/// Ends a message that is cut short; the messages that wait behind it are dropped with it.
FragmentedSend::~FragmentedSend() {
  if (!begun_) return;
  if (session_.is_open()) session_.close(websocket::kInternalError, "a message was cut short");
  session_.outbox().end_pieces();
}

FragmentedSend::Room FragmentedSend::send(std::string_view piece) {
  session_.require_open();
  if (type_ == Opcode::kText && !utf8_.feed(std::as_bytes(std::span(piece)))) {
    throw Error("a websocket text is not UTF-8: send bytes as MessageKind::kBinary");
  }
  const auto opcode = begun_ ? Opcode::kContinuation : type_;
  begun_ = true;
  session_.outbox().begin_pieces(waiting_);
  session_.stream().put_piece(opcode, piece, false);
  return Room(*this);
}

void FragmentedSend::end() {
  if (!begun_) return;
  session_.require_open();
  if (!utf8_.complete()) {
    throw Error("a websocket text ends within a character: send bytes as MessageKind::kBinary");
  }
  // The messages that wait may follow at once.
  session_.outbox().end_pieces();
  session_.stream().put_piece(Opcode::kContinuation, {}, true);
  begun_ = false;
}

}  // namespace aiopyr::detail
