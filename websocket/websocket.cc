#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/protocol/utf8.h>
#include <aiopyr/websocket/websocket.h>

namespace aiopyr {

using websocket::Opcode;

Websocket::Websocket(std::unique_ptr<const HandshakeInfo> info) : info_(std::move(info)) {
  if (!info_) info_ = std::make_unique<const HandshakeInfo>();
}

Websocket::~Websocket() {
  if (reader_ != nullptr) reader_->waits_ = false;
}

detail::SendAwaiter Websocket::send(const Message& message) {
  return send(message.opcode(), message.view());
}

detail::SendAwaiter Websocket::send(std::string_view text) { return send(Opcode::kText, text); }

detail::SendAwaiter Websocket::send(const std::string& text) {
  return send(std::string_view(text));
}

detail::SendAwaiter Websocket::send(const char* text) {
  return send(Opcode::kText, std::string_view(text));
}

detail::SendAwaiter Websocket::send(Opcode type, std::string_view payload) {
  if (!is_open()) websocket::throw_connection_closed(closing_, lost_);
  if (type == Opcode::kText && !websocket::is_valid_utf8(payload)) {
    throw Error("a websocket text is not UTF-8: send bytes as Message::binary(...)");
  }
  send_message(type, payload);
  return detail::SendAwaiter(*this);
}

detail::CloseAwaiter Websocket::close(std::uint16_t code, std::string_view reason) {
  if (!websocket::may_be_on_wire(code)) {
    throw Error("the close code " + std::to_string(code) +
                " may not be sent: use 1000-1003, 1007-1014 or 3000-4999");
  }
  if (is_open()) {
    const auto fitting = websocket::fit_close_reason(reason);
    static_cast<void>(closing_.on_sent(code, fitting));
    send_close(code, fitting);
  }
  return detail::CloseAwaiter(*this);
}

detail::PingAwaiter Websocket::ping(std::string_view payload) {
  if (!is_open()) websocket::throw_connection_closed(closing_, lost_);
  if (payload.size() > websocket::kMaxControlPayload) {
    throw Error("a ping carries at most 125 bytes, and this one " + std::to_string(payload.size()));
  }
  std::string sent = payload.empty() ? ping_payload(next_ping()) : std::string(payload);
  send_ping(sent);
  return {*this, std::move(sent), Loop::require("a websocket").now()};
}

std::string Websocket::ping_payload(std::uint32_t number) { return std::to_string(number); }

void Websocket::take_pong(std::string_view payload) {
  bool asked_for = false;
  ping_waiters_.for_each([&](const auto& ping) { asked_for |= ping.payload_ == payload; });
  Loop& loop = Loop::require("a websocket");
  while (asked_for) {
    auto& ping = ping_waiters_.pop_front();
    asked_for = ping.payload_ != payload;
    latency_ = loop.now() - ping.sent_;
    ping.end(latency_, loop);
  }
}

void Websocket::end_pings() {
  if (ping_waiters_.empty()) return;
  Loop& loop = Loop::require("a websocket");
  while (!ping_waiters_.empty()) ping_waiters_.pop_front().end(std::nullopt, loop);
}

bool Websocket::take(std::optional<Message>& message) {
  if (reader_ != nullptr) {
    throw ConcurrencyError(
        "recv() was called while another coroutine waits in recv() of the same websocket: let one "
        "coroutine receive, and hand on what it gets");
  }
  if (inbox_size() == 0) return input_ended_;
  message = std::move(inbox_[inbox_taken_++]);
  if (inbox_size() == 0) {
    // An idle connection holds no memory for what is not there.
    std::vector<Message>().swap(inbox_);
    inbox_taken_ = 0;
  }
  on_recv();
  return true;
}

void Websocket::deliver(Message message) {
  if (reader_ == nullptr) {
    // A queue that never runs empty must not grow for ever.
    if (inbox_taken_ > 0 && inbox_.size() == inbox_.capacity()) {
      inbox_.erase(inbox_.begin(), inbox_.begin() + inbox_taken_);
      inbox_taken_ = 0;
    }
    inbox_.push_back(std::move(message));
    return;
  }
  auto& reader = *std::exchange(reader_, nullptr);
  reader.message_ = std::move(message);
  reader.resume();
}

void Websocket::end_input() {
  input_ended_ = true;
  if (reader_ != nullptr) std::exchange(reader_, nullptr)->resume();
}

void Websocket::set_closed() {
  closed_ = true;
  wake(close_waiters_);
  end_pings();
}

void Websocket::set_lost() {
  lost_ = true;
  set_closed();
  wake_senders();
}

void Websocket::wake(IntrusiveList<Runnable>& waiters) {
  if (waiters.empty()) return;
  Loop& loop = Loop::require("a websocket");
  while (!waiters.empty()) loop.call_soon(waiters.pop_front());
}

}  // namespace aiopyr
