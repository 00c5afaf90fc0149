#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/fragmented_send.h>

namespace aiopyr::detail {

using websocket::Opcode;

FragmentedSend::~FragmentedSend() {
  if (begun_) websocket_.cut_short();
}

FragmentedSend::Room FragmentedSend::send(std::string_view piece) {
  websocket_.require_open();
  if (type_ == Opcode::kText && !utf8_.feed(std::as_bytes(std::span(piece)))) {
    throw Error("a websocket text is not UTF-8: send bytes as MessageKind::kBinary");
  }
  const auto opcode = begun_ ? Opcode::kContinuation : type_;
  begun_ = true;
  websocket_.fragmented_ = this;
  websocket_.put_fragment(opcode, piece, false);
  websocket_.after_put();
  return Room(websocket_);
}

void FragmentedSend::end() {
  if (!begun_) return;
  websocket_.require_open();
  if (!utf8_.complete()) {
    throw Error("a websocket text ends within a character: send bytes as MessageKind::kBinary");
  }
  websocket_.put_fragment(Opcode::kContinuation, {}, true);
  begun_ = false;
  websocket_.end_fragments();
}

}  // namespace aiopyr::detail
