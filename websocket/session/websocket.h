#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/session/handle.h>
#include <aiopyr/websocket/session/websocket_state.h>

namespace aiopyr {

namespace detail {
class RecvAwaiter;
class SendAwaiter;
class CloseAwaiter;
class PingAwaiter;
}  // namespace detail

/// The result of try_send().
enum class SendStatus : std::uint8_t {
  kQueued,  ///< it will be sent
  kFull,    ///< not sent: more than the limit already waits to be sent
  kClosed,  ///< not sent: either side has closed
};

/// An open websocket of a view, the same with both mappers.
///
/// Loop thread only: coroutines in the root context. It lives until its view has ended and the
/// connection is over; a task that the view leaves behind has to keep it with shared_from_this().
/// Several coroutines may send at a time; one may receive.
class Websocket : public WebsocketState, public std::enable_shared_from_this<Websocket> {
 public:
  virtual ~Websocket() = default;

  /// Returns an awaitable of std::optional<Message>: the next message; nullopt once the connection
  /// is closed and all earlier messages were received. Resumes directly from the read that
  /// completed the message. A cancelled wait loses nothing. Throws ConcurrencyError if another
  /// recv() waits.
  [[nodiscard]] detail::RecvAwaiter recv();

  /// Queues the message, at once, and returns an awaitable: continues at once while at most 64 KiB
  /// wait to be sent, else when most of that has left. Messages leave in the order of the calls;
  /// messages sent while input is handled leave in one write. Throws ConnectionClosed once either
  /// side has closed, also from the wait if the connection is lost meanwhile; Error for a text that
  /// is not UTF-8. Cancelling the wait does not take the message back. Code that cannot wait uses
  /// try_send().
  detail::SendAwaiter send(const Message& message);
  /// Queues a text.
  detail::SendAwaiter send(std::string_view text);
  detail::SendAwaiter send(const char* text);
  detail::SendAwaiter send(const std::string& text);

  /// Sends the message only if it can be queued without a wait. Throws Error for a text that is not
  /// UTF-8, in any case.
  SendStatus try_send(const Message& message);

  /// Sends one message in frames, each as soon as there is a piece. `source` is a range of strings,
  /// or a callable that returns a Task<std::optional<std::string>>: the next piece each time,
  /// nullopt at the end. Without pieces nothing is sent. Other messages wait meanwhile, in order;
  /// pings and pongs do not. Throws the exceptions of send() and of the source. The peer cannot be
  /// told that a message ends early, so one that is cut short, by an exception or a cancellation,
  /// closes the connection with 1011. Needs <aiopyr/websocket/session/fragmented_send.h>.
  template <class Source>
  Task<> send_fragments(MessageKind kind, Source source);

  /// Returns a handle of the connection for other threads: see WebsocketHandle.
  [[nodiscard]] WebsocketHandle handle() { return WebsocketHandle(*this); }

  /// Sends a close frame (the first call only) and returns an awaitable for the end of the closing
  /// handshake: the peer's answer, at most ten seconds. The view's own messages leave before it;
  /// waiting messages of others are dropped. Throws Error for a code that may not be sent (RFC 6455
  /// section 7.4): 1000-1003, 1007-1014 and 3000-4999 may. The reason is UTF-8, cut to 123 bytes.
  detail::CloseAwaiter close(std::uint16_t code = 1000, std::string_view reason = {});

  /// Sends a ping, at once, and returns an awaitable of a Duration: the time until its pong, or
  /// that of a later ping, has come. The default payload is unique. Throws ConnectionClosed once
  /// either side has closed, also from the wait; Error for more than 125 bytes. Not needed to keep
  /// a connection alive: the loop does that.
  detail::PingAwaiter ping(std::string_view payload = {});

 protected:
  /// Used by the two implementations. `stream` is the implementation, and outlives it.
  Websocket(websocket::Stream& stream, std::unique_ptr<const HandshakeInfo> info,
            std::shared_ptr<const websocket::Endpoint> endpoint)
      : WebsocketState(stream, std::move(info), std::move(endpoint)) {}
};

}  // namespace aiopyr

#include <aiopyr/websocket/session/awaiters.h>  // IWYU pragma: export
