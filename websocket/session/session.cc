#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/session/loop_websockets.h>
#include <aiopyr/websocket/session/session.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr::websocket {

Session::Session(Stream& stream, std::unique_ptr<const HandshakeInfo> info,
                 std::shared_ptr<const Endpoint> endpoint)
    : shared_(Connections::of_this_thread()),
      info_(std::move(info)),
      endpoint_(std::move(endpoint)),
      outbox_(stream) {
  if (!info_) info_ = std::make_unique<const HandshakeInfo>();
}

Session::~Session() { count_end(); }

Session& Session::of(Websocket& websocket) noexcept { return websocket.session_; }

const Session& Session::of(const Websocket& websocket) noexcept { return websocket.session_; }

void Session::set_opened() noexcept {
  auto& counters = shared_.counters();
  counters.open.add(1);
  counters.opened.add();
  advance(Stage::kOpen);
}

/// Counts the end, once, and only if it was opened.
void Session::count_end() noexcept {
  if (stage_ == Stage::kOpening || stage_ == Stage::kLost) return;
  auto& counters = shared_.counters();
  counters.open.add(-1);
  counters.closes.count(closing_.first_code());
}

void Session::require_open() const {
  if (!is_open()) throw_connection_closed(closing_, is_lost());
}

void Session::close(std::uint16_t code, std::string_view reason) {
  require_close_code(code);
  if (!is_open()) return;
  end_others();
  outbox_.empty();
  // Checks again: the stream may have been lost while the waiting messages were sent.
  if (!is_open()) return;
  const auto fitting = fit_close_reason(reason);
  static_cast<void>(say_close(code, fitting));
  stream().put_close(code, fitting);
}

bool Session::push(const topics::SharedPublication& publication, const SlowClientPolicy& policy,
                   Backlog::Sender sender, std::string_view key) {
  if (!is_open()) return false;
  const auto pushed = outbox_.push(publication, policy, sender, key);
  if (pushed == Outbox::Pushed::kRefused) close(policy.close_code, "too slow");
  return pushed == Outbox::Pushed::kKept;
}

void Session::deliver(Message&& message) {
  shared_.counters().count_received(message.view().size());
  inbox_.deliver(std::move(message));
}

void Session::take_pong(std::string_view payload) {
  pings_.take_pong(payload, [this](Duration latency) { set_latency(latency); });
}

void Session::set_latency(Duration latency) noexcept {
  latency_ = latency;
  shared_.counters().ping_latency.observe(latency);
}

bool Session::say_close(std::uint16_t code, std::string_view reason) {
  advance(Stage::kClosing);
  return closing_.on_sent(code, reason);
}

bool Session::release() {
  if (!outbox_.release()) return false;
  if (room_listener_) room_listener_->on_room();
  return true;
}

void Session::set_closed() {
  advance(Stage::kDraining);
  end_others();
  close_waiters_.wake();
  pings_.end();
}

void Session::set_lost() {
  count_end();
  stage_ = Stage::kLost;
  set_closed();
  outbox_.drop();
}

/// Drops the room listener: others do not send any more.
void Session::end_others() { room_listener_.reset(); }

bool Session::is_end_of(const std::exception_ptr& error) const noexcept {
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

}  // namespace aiopyr::websocket
