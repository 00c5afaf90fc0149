#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/websocket/protocol/frame_rules.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr {

using websocket::Opcode;

namespace {

detail::SendAwaiter send_through(websocket::Session& session, Opcode type, std::string_view payload,
                                 bool is_checked) {
  session.require_open();
  if (!is_checked) websocket::require_sendable(type, payload);
  session.outbox().send(type, payload);
  return detail::SendAwaiter(session);
}

}  // namespace

detail::SendAwaiter Websocket::send(const Message& message) {
  return send_through(session_, message.opcode(), message.view(), message.is_checked());
}

detail::SendAwaiter Websocket::send(std::string_view text) {
  return send_through(session_, Opcode::kText, text, false);
}

detail::SendAwaiter Websocket::send(const std::string& text) {
  return send(std::string_view(text));
}

detail::SendAwaiter Websocket::send(const char* text) { return send(std::string_view(text)); }

SendStatus Websocket::try_send(const Message& message) {
  if (!is_open()) return SendStatus::kClosed;
  if (session_.outbox().is_congested()) return SendStatus::kFull;
  if (!message.is_checked()) websocket::require_sendable(message.opcode(), message.view());
  session_.outbox().send(message.opcode(), message.view());
  return SendStatus::kQueued;
}

detail::CloseAwaiter Websocket::close(std::uint16_t code, std::string_view reason) {
  session_.close(code, reason);
  return detail::CloseAwaiter(session_);
}

detail::PingAwaiter Websocket::ping(std::string_view payload) {
  session_.require_open();
  if (payload.size() > websocket::kMaxControlPayload) {
    throw Error("a ping carries at most 125 bytes, and this one " + std::to_string(payload.size()));
  }
  auto& pings = session_.pings();
  std::string sent = payload.empty() ? pings.payload_of(pings.next()) : std::string(payload);
  session_.stream().put_ping(sent);
  return {session_, std::move(sent), Loop::require("a websocket").now()};
}

}  // namespace aiopyr
