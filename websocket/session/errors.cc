#include <string>

#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/session/errors.h>

namespace aiopyr {
namespace {

using websocket::CloseFrame;
using websocket::ClosingHandshake;

std::string describe_frame(const std::optional<CloseFrame>& frame, const char* what) {
  if (!frame) return std::string("no close frame ") + what;
  std::string text = std::to_string(frame->code);
  if (!frame->reason.empty()) text.append(" (").append(frame->reason).append(")");
  return text.append(" ").append(what);
}

std::string message_for(const ClosingHandshake& closing) {
  std::string first = describe_frame(closing.received(), "received");
  std::string second = describe_frame(closing.sent(), "sent");
  if (closing.sent() && !closing.peer_closed_first()) first.swap(second);
  return "the websocket is closed: " + first + ", " + second;
}

bool is_ok(const CloseFrame& frame) noexcept {
  return frame.code == websocket::kNormalClosure || frame.code == websocket::kGoingAway ||
         frame.code == websocket::kNoStatusReceived;
}

}  // namespace

ConnectionClosed::ConnectionClosed(const ClosingHandshake& closing)
    : Error(message_for(closing)),
      received_(closing.received()),
      sent_(closing.sent()),
      code_(closing.code()),
      reason_(closing.reason()),
      peer_closed_first_(closing.peer_closed_first()) {}

void websocket::require_close_code(std::uint16_t code) {
  if (may_be_on_wire(code)) return;
  throw Error("the close code " + std::to_string(code) +
              " may not be sent: use 1000-1003, 1007-1014 or 3000-4999");
}

void websocket::throw_connection_closed(const ClosingHandshake& closing, bool lost) {
  const bool sent_ok = !closing.sent() || is_ok(*closing.sent());
  const bool received_ok = closing.received() ? is_ok(*closing.received()) : !lost;
  if (sent_ok && received_ok) throw ConnectionClosedOK(closing);
  throw ConnectionClosedError(closing);
}

}  // namespace aiopyr
