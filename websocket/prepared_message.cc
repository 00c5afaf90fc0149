#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/prepared_message.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/protocol/utf8.h>

namespace aiopyr::websocket {

PreparedMessage::PreparedMessage(Opcode type, std::string_view payload) : type_(type) {
  require_sendable(type, payload);
  append_message(frame_, type, payload);
  header_size_ = frame_.size() - payload.size();
}

void require_sendable(Opcode type, std::string_view payload) {
  if (type != Opcode::kText || is_valid_utf8(payload)) return;
  throw Error("a websocket text is not UTF-8: send bytes as Message::binary(...)");
}

}  // namespace aiopyr::websocket
