#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/closing.h>

namespace aiopyr::websocket {

bool ClosingHandshake::on_sent(std::uint16_t code, std::string_view reason) {
  if (sent_) return false;
  sent_ = CloseFrame{code, std::string{reason}};
  return true;
}

bool ClosingHandshake::on_received(std::uint16_t code, std::string_view reason) {
  if (received_) return false;
  received_ = CloseFrame{code, std::string{reason}};
  peer_closed_first_ = !sent_;
  return !sent_;
}

std::uint16_t ClosingHandshake::code() const noexcept {
  return received_ ? received_->code : static_cast<std::uint16_t>(kAbnormalClosure);
}

std::string_view ClosingHandshake::reason() const noexcept {
  return received_ ? std::string_view{received_->reason} : std::string_view{};
}

}  // namespace aiopyr::websocket
