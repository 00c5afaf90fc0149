#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string_view>

#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/topics/publication.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/messages/slow_client.h>
#include <aiopyr/websocket/protocol/closing.h>
#include <aiopyr/websocket/session/endpoint.h>
#include <aiopyr/websocket/session/handshake_info.h>
#include <aiopyr/websocket/session/inbox.h>
#include <aiopyr/websocket/session/outbox.h>
#include <aiopyr/websocket/session/pings.h>
#include <aiopyr/websocket/session/room_listener.h>
#include <aiopyr/websocket/session/stream.h>

namespace aiopyr {
class Websocket;
}

namespace aiopyr::websocket {

class Connections;

/// The stage of a connection. It only moves forward.
enum class Stage : std::uint8_t {
  kOpening,   ///< not counted as open yet
  kOpen,      ///< messages go both ways
  kClosing,   ///< our close frame was sent: nothing may follow it, but messages still come
  kDraining,  ///< the closing handshake is over, in whatever way: what was sent still leaves
  kFinished,  ///< we have ended our side of the stream, and read to the peer's end
  kLost,      ///< the stream is gone
};

/// The state of a Websocket over either kind of stream: its stage, its inbox and outbox, its
/// closing handshake and its pings. Websocket and its awaiters call it for the view; the connection
/// that owns both calls it for the stream; it calls the stream through Stream.
///
/// Root context. Owns no stream.
class Session {
 public:
  /// `stream` outlives it. Without `info` it has no data of the request.
  Session(Stream& stream, std::unique_ptr<const HandshakeInfo> info,
          std::shared_ptr<const Endpoint> endpoint);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Returns the session of a websocket, for the library's own parts: topics, handles.
  [[nodiscard]] static Session& of(Websocket& websocket) noexcept;
  [[nodiscard]] static const Session& of(const Websocket& websocket) noexcept;

  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  /// Returns whether messages can still be sent.
  [[nodiscard]] bool is_open() const noexcept { return stage_ <= Stage::kOpen; }
  /// Returns whether the closing handshake is over.
  [[nodiscard]] bool is_closed() const noexcept { return stage_ >= Stage::kDraining; }
  [[nodiscard]] bool is_lost() const noexcept { return stage_ == Stage::kLost; }

  [[nodiscard]] const HandshakeInfo& info() const noexcept { return *info_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return *endpoint_; }
  [[nodiscard]] const ClosingHandshake& closing() const noexcept { return closing_; }
  /// Returns the parts that all websockets of this thread share.
  [[nodiscard]] Connections& shared() const noexcept { return shared_; }
  [[nodiscard]] Inbox& inbox() noexcept { return inbox_; }
  [[nodiscard]] const Inbox& inbox() const noexcept { return inbox_; }
  [[nodiscard]] Outbox& outbox() noexcept { return outbox_; }
  [[nodiscard]] const Outbox& outbox() const noexcept { return outbox_; }
  [[nodiscard]] Stream& stream() const noexcept { return outbox_.stream(); }
  [[nodiscard]] Pings& pings() noexcept { return pings_; }
  [[nodiscard]] Duration latency() const noexcept { return latency_; }

  // Calls of the view and of others

  /// Throws ConnectionClosed unless messages can still be sent.
  void require_open() const;
  /// See Websocket::close().
  void close(std::uint16_t code, std::string_view reason);
  /// Sends a publication, or treats it by `policy`. Returns whether it was kept; if not, the
  /// websocket may have ended.
  bool push(const topics::SharedPublication& publication, const SlowClientPolicy& policy,
            Backlog::Sender sender, std::string_view key);
  /// Runs `waiter` when the closing handshake is over. Requires that it is not.
  void wait_for_close(Runnable& waiter) { close_waiters_.add(waiter); }
  /// Returns the listener that it owns for others that send to it; null before the first.
  [[nodiscard]] std::unique_ptr<aiopyr::detail::RoomListener>& room_listener() noexcept {
    return room_listener_;
  }
  [[nodiscard]] const aiopyr::detail::RoomListener* room_listener() const noexcept {
    return room_listener_.get();
  }

  // Calls of the stream

  /// Called when the handshake is done: counts it as open until it is lost.
  void set_opened() noexcept;
  /// Counts a message and gives it to the inbox: a waiting coroutine runs before this returns.
  void deliver(Message&& message);
  /// Handles a pong.
  void take_pong(std::string_view payload);
  void set_latency(Duration latency) noexcept;
  /// Records a close frame that is to be sent. Returns false if one was sent already: then none may
  /// be sent again.
  [[nodiscard]] bool say_close(std::uint16_t code, std::string_view reason);
  /// Records a received close frame. Returns whether it has to be answered.
  [[nodiscard]] bool hear_close(std::uint16_t code, std::string_view reason) {
    return closing_.on_received(code, reason);
  }
  /// Called when the output has room: moves waiting messages into it. Returns whether it moved any.
  bool release();
  /// Called when the closing handshake is over, in whatever way.
  void set_closed();
  /// Called when we have ended our side of the stream.
  void set_finished() noexcept { advance(Stage::kFinished); }
  /// Called when the stream is gone. Resumes no coroutine.
  void set_lost();
  /// Returns whether an exception of a view only means that the connection has ended, which is not
  /// a failure of the view, whoever has closed or vanished.
  [[nodiscard]] bool is_end_of(const std::exception_ptr& error) const noexcept;

 private:
  void advance(Stage stage) noexcept {
    if (stage_ < stage) stage_ = stage;
  }
  void end_others();
  void count_end() noexcept;

  Connections& shared_;
  std::unique_ptr<const HandshakeInfo> info_;
  std::shared_ptr<const Endpoint> endpoint_;
  Outbox outbox_;
  WaitList close_waiters_;
  std::unique_ptr<aiopyr::detail::RoomListener> room_listener_;
  Duration latency_ = Duration::zero();
  Inbox inbox_;
  // [[no_unique_address]] lets the next member use the padding at the end.
  [[no_unique_address]] ClosingHandshake closing_;
  Stage stage_ = Stage::kOpening;
  [[no_unique_address]] Pings pings_;
};

}  // namespace aiopyr::websocket
