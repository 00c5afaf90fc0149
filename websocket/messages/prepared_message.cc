#include <algorithm>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/websocket/messages/prepared_message.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::websocket {

PreparedMessage::PreparedMessage(const Message& message) : type_(message.opcode()) {
  if (!message.is_checked()) require_sendable(type_, message.view());
  encode(message.view());
}

PreparedMessage::PreparedMessage(const topics::Publication& publication)
    : type_(publication.is_text() ? Opcode::kText : Opcode::kBinary) {
  encode(publication.content());
}

PreparedMessage::PreparedMessage(Opcode type, std::string_view payload) : type_(type) {
  require_sendable(type, payload);
  encode(payload);
}

void PreparedMessage::encode(std::string_view payload) {
  append_message(frame_, type_, payload);
  header_size_ = frame_.size() - payload.size();
}

std::string_view PreparedMessage::frame_for(Compression* compression) const {
  if (compression == nullptr) return frame_;
  const auto& frame = compressed_with(compression->settings());
  if (frame.empty()) return frame_;
  compression->on_sent_alone();
  return frame;
}

const std::string& PreparedMessage::compressed_with(const Compression::Settings& settings) const {
  const auto made = std::find_if(compressed_.begin(), compressed_.end(),
                                 [&](const auto& other) { return other.settings == settings; });
  if (made != compressed_.end()) return made->frame;
  auto& frame = compressed_.emplace_front(Compressed{settings, {}}).frame;
  const auto encoded = Compression::encode_alone(settings, payload());
  if (encoded.rsv != 0) append_message(frame, type_, encoded.payload, {}, encoded.rsv);
  return frame;
}

topics::SharedPublication make_publication(const Message& message) {
  using topics::Publication;
  auto prepared = std::make_unique<PreparedMessage>(message);
  const bool is_text = prepared->type() == Opcode::kText;
  return std::make_shared<const Publication>(
      is_text ? Publication::Kind::kText : Publication::Kind::kBytes, std::move(prepared));
}

void require_sendable(Opcode type, std::string_view payload) {
  if (type != Opcode::kText || is_valid_utf8(payload)) return;
  throw Error("a websocket text is not UTF-8: send bytes as Message::binary(...)");
}

}  // namespace aiopyr::websocket
