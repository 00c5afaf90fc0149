#include <algorithm>

#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::websocket {

/// Returns whether the timer measures silence; once the connection closes, it limits the time of
/// that.
bool Connection::is_watched() const noexcept {
  return transport_ && session_.is_open() && failure_ == ProtocolError::kNone;
}

/// Checks the peer when the timer fires; traffic does not move the timer.
void Connection::keep_alive() {
  const auto now = loop().now();
  const auto idle = endpoint().idle_timeout;
  if (idle > Duration::zero() && now - moved_ >= idle) {
    session_.close(kGoingAway, "idle for too long");
    return;
  }
  if (endpoint().ping_interval > Duration::zero() && !check_peer(now)) {
    fail(kInternalError, "keepalive ping timeout");
    return;
  }
  await_silence();
}

/// Pings a silent peer. Returns false if it has been silent for too long.
bool Connection::check_peer(TimePoint now) {
  if (!wants_input()) {
    // Its pongs wait behind messages that the view does not receive. If the peer is gone, the
    // socket still notices, once our ping is not acknowledged.
    heard_ = now;
    ping_peer(now);
    return true;
  }
  if (unanswered_) return now - pinged_ < endpoint().ping_timeout;
  if (now - std::max(heard_, pinged_) < endpoint().ping_interval) return true;
  ping_peer(now);
  unanswered_ = endpoint().ping_timeout > Duration::zero();
  return true;
}

void Connection::ping_peer(TimePoint now) {
  pinged_ = now;
  ping_ = session_.pings().next();
  // Sends no ping behind much other output: the peer already has enough to answer.
  if (!is_full()) static_cast<void>(append_ping(tail(), Pings::payload_of(ping_)));
}

void Connection::await_silence() {
  if (!is_watched()) return;
  const auto& limits = endpoint();
  auto next = TimePoint::max();
  if (limits.ping_interval > Duration::zero()) {
    next = unanswered_ ? pinged_ + limits.ping_timeout
                       : std::max(heard_, pinged_) + limits.ping_interval;
  }
  if (limits.idle_timeout > Duration::zero()) next = std::min(next, moved_ + limits.idle_timeout);
  if (next != TimePoint::max()) deadline().start(loop(), next);
}

}  // namespace aiopyr::websocket
