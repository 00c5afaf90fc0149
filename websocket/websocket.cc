#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/websocket/connections.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/protocol/utf8.h>
#include <aiopyr/websocket/subscriptions.h>
#include <aiopyr/websocket/websocket.h>

namespace aiopyr {

using websocket::Opcode;

Websocket::Websocket(std::unique_ptr<const HandshakeInfo> info)
    : shared_(websocket::Connections::of_this_thread()), info_(std::move(info)) {
  if (!info_) info_ = std::make_unique<const HandshakeInfo>();
}

Websocket::~Websocket() {
  if (reader_ != nullptr) reader_->waits_ = false;
  count_end();
}

void Websocket::set_opened() noexcept {
  auto& counters = shared_.counters();
  counters.open.add(1);
  counters.opened.add();
  counted_ = true;
}

void Websocket::count_end() noexcept {
  if (!std::exchange(counted_, false)) return;
  auto& counters = shared_.counters();
  counters.open.add(-1);
  counters.closes.count(closing_.first_code());
}

void Websocket::set_latency(Duration latency) noexcept {
  latency_ = latency;
  shared_.counters().ping_latency.observe(latency);
}

detail::SendAwaiter Websocket::send(const Message& message) {
  if (!message.is_checked()) return send(message.opcode(), message.view());
  require_open();
  queue(message.opcode(), message.view());
  return detail::SendAwaiter(*this);
}

detail::SendAwaiter Websocket::send(std::string_view text) { return send(Opcode::kText, text); }

detail::SendAwaiter Websocket::send(const std::string& text) {
  return send(std::string_view(text));
}

detail::SendAwaiter Websocket::send(const char* text) {
  return send(Opcode::kText, std::string_view(text));
}

void Websocket::require_open() const {
  if (!is_open()) websocket::throw_connection_closed(closing_, lost_);
}

detail::SendAwaiter Websocket::send(Opcode type, std::string_view payload) {
  require_open();
  websocket::require_sendable(type, payload);
  queue(type, payload);
  return detail::SendAwaiter(*this);
}

SendStatus Websocket::try_send(const Message& message) {
  if (!is_open()) return SendStatus::kClosed;
  if (is_congested()) return SendStatus::kFull;
  if (!message.is_checked()) websocket::require_sendable(message.opcode(), message.view());
  queue(message.opcode(), message.view());
  return SendStatus::kQueued;
}

detail::CloseAwaiter Websocket::close(std::uint16_t code, std::string_view reason) {
  websocket::require_close_code(code);
  if (is_open()) {
    end_subscriptions();
    empty_backlog();
  }
  if (is_open()) {
    const auto fitting = websocket::fit_close_reason(reason);
    static_cast<void>(closing_.on_sent(code, fitting));
    send_close(code, fitting);
  }
  return detail::CloseAwaiter(*this);
}

detail::PingAwaiter Websocket::ping(std::string_view payload) {
  require_open();
  if (payload.size() > websocket::kMaxControlPayload) {
    throw Error("a ping carries at most 125 bytes, and this one " + std::to_string(payload.size()));
  }
  std::string sent = payload.empty() ? ping_payload(next_ping()) : std::string(payload);
  send_ping(sent);
  return {*this, std::move(sent), Loop::require("a websocket").now()};
}

std::string Websocket::ping_payload(std::uint32_t number) { return std::to_string(number); }

void Websocket::take_pong(std::string_view payload) {
  if (!waiters_) return;
  bool asked_for = false;
  waiters_->ping.for_each([&](const auto& ping) { asked_for |= ping.payload_ == payload; });
  Loop& loop = Loop::require("a websocket");
  while (asked_for) {
    auto& ping = waiters_->ping.pop_front();
    asked_for = ping.payload_ != payload;
    set_latency(loop.now() - ping.sent_);
    ping.end(latency_, loop);
  }
}

void Websocket::end_pings() {
  if (!waiters_ || waiters_->ping.empty()) return;
  Loop& loop = Loop::require("a websocket");
  while (!waiters_->ping.empty()) waiters_->ping.pop_front().end(std::nullopt, loop);
}

Websocket::Waiters& Websocket::waiters() {
  if (!waiters_) waiters_ = std::make_unique<Waiters>();
  return *waiters_;
}

bool Websocket::take(std::optional<Message>& message) {
  if (reader_ != nullptr) {
    throw ConcurrencyError(
        "recv() was called while another coroutine waits in recv() of the same websocket: let one "
        "coroutine receive, and hand on what it gets");
  }
  if (inbox_size() == 0) return input_ended_;
  message = std::move(inbox_->messages[inbox_->taken++]);
  // An idle connection holds no memory for what is not there.
  if (inbox_size() == 0) inbox_.reset();
  on_recv();
  return true;
}

void Websocket::deliver(Message&& message) {
  shared_.counters().count_received(message.view().size());
  if (reader_ == nullptr) {
    if (!inbox_) inbox_ = std::make_unique<Inbox>();
    auto& [messages, taken] = *inbox_;
    // A queue that never runs empty must not grow for ever.
    if (taken > 0 && messages.size() == messages.capacity()) {
      messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(taken));
      taken = 0;
    }
    messages.push_back(std::move(message));
    return;
  }
  auto& reader = *std::exchange(reader_, nullptr);
  reader.message_.emplace(std::move(message));
  reader.resume();
}

void Websocket::end_input() {
  input_ended_ = true;
  if (reader_ != nullptr) std::exchange(reader_, nullptr)->resume();
}

bool Websocket::is_end_of(const std::exception_ptr& error) const noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const ConnectionClosedOK&) {
    return true;
  } catch (const ConnectionClosed&) {
    return !is_open();
  } catch (...) {
    return false;
  }
}

void Websocket::set_closed() {
  closed_ = true;
  end_subscriptions();
  if (waiters_) wake(waiters_->close);
  end_pings();
}

void Websocket::set_lost() {
  lost_ = true;
  count_end();
  backlog_.reset();
  set_closed();
  wake_senders();
}

void Websocket::wake(IntrusiveList<Runnable>& waiters) {
  if (waiters.empty()) return;
  Loop& loop = Loop::require("a websocket");
  while (!waiters.empty()) loop.call_soon(waiters.pop_front());
}

}  // namespace aiopyr
