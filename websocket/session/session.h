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

/// How far a connection has come. It only ever goes on.
enum class Stage : std::uint8_t {
  kOpening,   ///< not counted as open yet
  kOpen,      ///< messages go both ways
  kClosing,   ///< our close frame was sent: nothing may follow it, but messages still come
  kDraining,  ///< the closing handshake is over, whichever way: what was sent still leaves
  kFinished,  ///< we have said that nothing more comes, and read to the peer's end
  kLost,      ///< the stream is gone
};

/// What is behind a Websocket, whichever stream is below it: its stage, its inbox and outbox, its
/// closing handshake and its pings. The view's calls come from Websocket and its awaiters, those of
/// the stream from the connection that owns both; it calls the stream back through Stream.
///
/// Root context. Owns no stream.
class Session {
 public:
  /// `stream` outlives it. Without `info` it knows nothing of the request.
  Session(Stream& stream, std::unique_ptr<const HandshakeInfo> info,
          std::shared_ptr<const Endpoint> endpoint);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// For the library's own parts: topics, handles.
  [[nodiscard]] static Session& of(Websocket& websocket) noexcept;
  [[nodiscard]] static const Session& of(const Websocket& websocket) noexcept;

  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  /// Whether messages can still be sent.
  [[nodiscard]] bool is_open() const noexcept { return stage_ <= Stage::kOpen; }
  /// Whether the closing handshake is over.
  [[nodiscard]] bool is_closed() const noexcept { return stage_ >= Stage::kDraining; }
  [[nodiscard]] bool is_lost() const noexcept { return stage_ == Stage::kLost; }

  [[nodiscard]] const HandshakeInfo& info() const noexcept { return *info_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return *endpoint_; }
  [[nodiscard]] const ClosingHandshake& closing() const noexcept { return closing_; }
  /// What all websockets of this thread share.
  [[nodiscard]] Connections& shared() const noexcept { return shared_; }
  [[nodiscard]] Inbox& inbox() noexcept { return inbox_; }
  [[nodiscard]] const Inbox& inbox() const noexcept { return inbox_; }
  [[nodiscard]] Outbox& outbox() noexcept { return outbox_; }
  [[nodiscard]] const Outbox& outbox() const noexcept { return outbox_; }
  [[nodiscard]] Stream& stream() const noexcept { return outbox_.stream(); }
  [[nodiscard]] Pings& pings() noexcept { return pings_; }
  [[nodiscard]] Duration latency() const noexcept { return latency_; }

  // What others do to it

  /// Throws ConnectionClosed unless messages can still be sent.
  void require_open() const;
  /// See Websocket::close().
  void close(std::uint16_t code, std::string_view reason);
  /// Sends what is for many, or does with it as `policy` says. Returns whether it was kept: where
  /// it was not the websocket may have ended.
  bool push(const topics::SharedPublication& publication, const SlowClientPolicy& policy,
            Backlog::Sender sender, std::string_view key);
  /// Has `waiter` run when the closing handshake is over. Requires that it is not.
  void wait_for_close(Runnable& waiter) { close_waiters_.add(waiter); }
  /// Owned by it for others that send to it; null before the first.
  [[nodiscard]] std::unique_ptr<aiopyr::detail::RoomListener>& room_listener() noexcept {
    return room_listener_;
  }
  [[nodiscard]] const aiopyr::detail::RoomListener* room_listener() const noexcept {
    return room_listener_.get();
  }

  // What its stream tells

  /// The handshake is done: it is counted as open until it is lost.
  void set_opened() noexcept;
  /// Counts a message and gives it to the inbox: a coroutine that waits runs before this returns.
  void deliver(Message&& message);
  /// A pong has come.
  void take_pong(std::string_view payload);
  void set_latency(Duration latency) noexcept;
  /// Keeps the books of the closing handshake for a close frame that leaves. Returns false where
  /// one did already: then none may be sent again.
  [[nodiscard]] bool say_close(std::uint16_t code, std::string_view reason);
  /// The same for one that has come. Returns whether it has to be answered.
  [[nodiscard]] bool hear_close(std::uint16_t code, std::string_view reason) {
    return closing_.on_received(code, reason);
  }
  /// The output has room: moves what waits into it. Returns whether there was anything that could.
  bool release();
  /// The closing handshake is over, whichever way.
  void set_closed();
  /// We have told the stream that nothing more comes.
  void set_finished() noexcept { advance(Stage::kFinished); }
  /// The stream is gone. Resumes nobody.
  void set_lost();
  /// Returns whether what a view has thrown only tells that the connection is over, which is no
  /// failure of the view, whoever has closed or vanished.
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
  // What ends with a small member lends the rest of its last word to the next.
  [[no_unique_address]] ClosingHandshake closing_;
  Stage stage_ = Stage::kOpening;
  [[no_unique_address]] Pings pings_;
};

}  // namespace aiopyr::websocket
