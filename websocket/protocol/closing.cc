#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/closing.h>

namespace aiopyr::websocket {

const ClosingHandshake::Frames& ClosingHandshake::frames() const noexcept {
  static const Frames kNone;
  return frames_ ? *frames_ : kNone;
}

ClosingHandshake::Frames& ClosingHandshake::own_frames() {
  if (!frames_) frames_ = std::make_unique<Frames>();
  return *frames_;
}

bool ClosingHandshake::on_sent(std::uint16_t code, std::string_view reason) {
  if (sent()) return false;
  own_frames().sent = CloseFrame{code, std::string{reason}};
  return true;
}

bool ClosingHandshake::on_received(std::uint16_t code, std::string_view reason) {
  if (received()) return false;
  own_frames().received = CloseFrame{code, std::string{reason}};
  peer_closed_first_ = !sent();
  return !sent();
}

std::uint16_t ClosingHandshake::code() const noexcept {
  return received() ? received()->code : static_cast<std::uint16_t>(kAbnormalClosure);
}

std::uint16_t ClosingHandshake::first_code() const noexcept {
  return sent() && !peer_closed_first_ ? sent()->code : code();
}

std::string_view ClosingHandshake::reason() const noexcept {
  return received() ? std::string_view{received()->reason} : std::string_view{};
}

}  // namespace aiopyr::websocket
