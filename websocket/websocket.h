#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/websocket/backlog.h>
#include <aiopyr/websocket/errors.h>
#include <aiopyr/websocket/handle.h>
#include <aiopyr/websocket/handshake_info.h>
#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/prepared_message.h>
#include <aiopyr/websocket/protocol/closing.h>
#include <aiopyr/websocket/slow_client.h>

namespace aiopyr {

namespace websocket {
class Connections;
}

namespace detail {
class FragmentedSend;
class Subscriptions;
class RecvAwaiter;
class SendAwaiter;
class CloseAwaiter;
class PingAwaiter;
class Topic;
}  // namespace detail

/// What try_send() has done.
enum class SendStatus : std::uint8_t {
  kQueued,  ///< it leaves
  kFull,    ///< not sent: more waits to be sent already than should
  kClosed,  ///< not sent: either side has closed
};

/// An open websocket as a view gets it, the same under both mappers.
///
/// Loop thread only: coroutines in the root context. It lives until its view has ended and the
/// connection is over; a task that the view leaves behind has to keep it with shared_from_this().
/// Several coroutines may send at a time; one may receive.
class Websocket : public std::enable_shared_from_this<Websocket> {
 public:
  Websocket(const Websocket&) = delete;
  Websocket& operator=(const Websocket&) = delete;
  virtual ~Websocket();

  /// Awaitable, gives std::optional<Message>: the next message, none once the connection is closed
  /// and all that came before was received. Resumes directly from the read that completed the
  /// message. A wait that is cancelled loses nothing. Throws ConcurrencyError where another recv()
  /// waits.
  [[nodiscard]] detail::RecvAwaiter recv();

  /// Queues the message, at once, and gives an awaitable: goes on at once while no more than 64 KiB
  /// wait to be sent, else when most of that has left. Messages leave in the order of the calls;
  /// what is sent while input is handled leaves in one write. Throws ConnectionClosed once either
  /// side has closed, also out of the wait where the connection is lost meanwhile; Error for a text
  /// that is not UTF-8. Cancelling the wait does not take the message back.
  detail::SendAwaiter send(const Message& message);
  /// A text.
  detail::SendAwaiter send(std::string_view text);
  detail::SendAwaiter send(const char* text);
  detail::SendAwaiter send(const std::string& text);

  /// Sends the message only where it can be queued without a wait. Any text that is not UTF-8
  /// throws Error.
  SendStatus try_send(const Message& message);

  /// Sends one message in frames, each as soon as there is a piece. `source` is a range of strings,
  /// or what returns a Task<std::optional<std::string>>: the next piece each time, none at the end.
  /// No pieces send nothing. Other messages wait meanwhile, in order; pings and pongs do not.
  /// Throws what send() throws, and what the source does. The peer cannot be told that a message
  /// ends early, so one that is cut short, by an exception or because it is cancelled, closes the
  /// connection with 1011. Needs <aiopyr/websocket/fragmented_send.h>.
  template <class Source>
  Task<> send_fragments(MessageKind kind, Source source);

  /// The connection for elsewhere: see WebsocketHandle.
  [[nodiscard]] WebsocketHandle handle() { return WebsocketHandle(*this); }

  /// Sends a close frame (the first call only) and gives an awaitable for the end of the closing
  /// handshake: the peer's answer, at most ten seconds. What the view sent before leaves first;
  /// what others sent and still waits is dropped. Throws Error for a code that may not be sent (RFC
  /// 6455 section 7.4): 1000-1003, 1007-1014 and 3000-4999 may. The reason is UTF-8, cut to 123
  /// bytes.
  detail::CloseAwaiter close(std::uint16_t code = 1000, std::string_view reason = {});

  /// Sends a ping, at once, and gives an awaitable for the time until its pong, or that of a later
  /// ping, has come: a Duration. Without a payload it gets one of its own. Throws ConnectionClosed
  /// once either side has closed, also out of the wait; Error for more than 125 bytes. Not needed
  /// to keep a connection alive: the loop does that.
  detail::PingAwaiter ping(std::string_view payload = {});

  /// How long the last ping took to be answered, ours or one of the keepalive's; zero before that.
  [[nodiscard]] Duration latency() const noexcept { return latency_; }

  /// Whether messages can still be sent.
  [[nodiscard]] bool is_open() const noexcept { return !lost_ && closing_.may_send(); }

  /// What the opening request said; the request itself has ended with the 101.
  [[nodiscard]] const HandshakeInfo& request() const noexcept { return *info_; }
  /// The one that was chosen; empty where there is none.
  [[nodiscard]] std::string_view subprotocol() const noexcept { return info_->subprotocol(); }
  /// What was agreed on, as the client was told; empty where messages are not compressed.
  [[nodiscard]] std::string_view extensions() const noexcept { return info_->extensions(); }

  /// The code and reason received (RFC 6455 sections 7.1.5 and 7.1.6); 1006 where the connection
  /// was lost without them, or no close frame has come yet.
  [[nodiscard]] std::uint16_t close_code() const noexcept { return closing_.code(); }
  [[nodiscard]] std::string_view close_reason() const noexcept { return closing_.reason(); }

 protected:
  explicit Websocket(std::unique_ptr<const HandshakeInfo> info);

  // For the two implementations; all of it in the root context.

  [[nodiscard]] bool has_reader() const noexcept { return reader_ != nullptr; }
  [[nodiscard]] std::size_t inbox_size() const noexcept {
    return inbox_ ? inbox_->messages.size() - inbox_->taken : 0;
  }

  /// Hands a message to the coroutine that waits, which runs before this returns, or keeps it.
  void deliver(Message&& message);
  /// Nothing more will be delivered: a coroutine that waits gets none, before this returns.
  void end_input();
  [[nodiscard]] bool input_ended() const noexcept { return input_ended_; }

  /// Whether anything, or anybody who sends, waits for room in the output.
  [[nodiscard]] bool has_waiting() const noexcept {
    return fragmented_ != nullptr || backlog_ || !send_waiters_.empty();
  }
  /// The output has room again: moves what waits into it. Whether that was anything.
  bool release_backlog();
  /// And lets those who wait to send go on, in the loop's next turn, where nothing waits any more.
  void wake_senders();
  [[nodiscard]] std::size_t backlog_size() const noexcept;
  /// Whether a send() would have to wait.
  [[nodiscard]] bool is_congested() const noexcept {
    return !lost_ && (fragmented_ != nullptr || backlog_ || is_full());
  }
  /// What all websockets of this thread share.
  [[nodiscard]] websocket::Connections& shared() const noexcept { return shared_; }
  /// The handshake is done: counted as open from here to set_lost().
  void set_opened() noexcept;
  /// The closing handshake is over, whichever way.
  void set_closed();
  /// The stream is gone.
  void set_lost();
  [[nodiscard]] bool is_lost() const noexcept { return lost_; }
  /// Whether what a view has thrown only tells that the connection is over, which is no failure of
  /// the view, whoever has closed or vanished.
  [[nodiscard]] bool is_end_of(const std::exception_ptr& error) const noexcept;

  /// Numbers the pings of this connection, and what the one of that number carries.
  [[nodiscard]] std::uint32_t next_ping() noexcept { return ++pings_; }
  [[nodiscard]] static std::string ping_payload(std::uint32_t number);
  /// A pong has come: answers the pings up to the one that carried `payload`. One that was not
  /// asked for answers none (RFC 6455 section 5.5.3).
  void take_pong(std::string_view payload);
  void set_latency(Duration latency) noexcept;

  websocket::ClosingHandshake closing_;

 private:
  friend class detail::RecvAwaiter;
  friend class detail::SendAwaiter;
  friend class detail::CloseAwaiter;
  friend class detail::PingAwaiter;
  friend class detail::FragmentedSend;
  friend class detail::Subscriptions;
  friend class detail::Topic;
  friend class WebsocketHandle;

  // What the implementation sends; the connection is open. put() and its neighbours only add to the
  // output, whatever is in it; after_put() says that nothing more is to come for now.
  virtual void put(websocket::Opcode type, std::string_view payload) = 0;
  virtual void put_prepared(const websocket::PreparedMessage& message) = 0;
  /// As put_prepared(), and nothing more is to come with it: it may leave at once.
  virtual void put_alone(const websocket::PreparedMessage& message) { put_prepared(message); }
  virtual void put_fragment(websocket::Opcode opcode, std::string_view payload, bool last) = 0;
  virtual void after_put() = 0;
  /// Whether the output holds more than it should.
  [[nodiscard]] virtual bool is_full() const noexcept = 0;
  [[nodiscard]] virtual const SlowClientPolicy& slow_client() const noexcept = 0;
  virtual void send_close(std::uint16_t code, std::string_view reason) = 0;
  virtual void send_ping(std::string_view payload) = 0;
  /// A coroutine has begun to wait for a message, or has taken one that was kept.
  virtual void on_recv() = 0;

  void require_open() const;
  detail::SendAwaiter send(websocket::Opcode type, std::string_view payload);
  void queue(websocket::Opcode type, std::string_view payload);
  void end_fragments();
  void cut_short();

  /// Sends what is for many, or keeps it as `policy` says.
  void push(const websocket::SharedMessage& message, const SlowClientPolicy& policy,
            websocket::Backlog::Sender sender, std::string_view key);
  /// The same from somebody who cannot wait.
  void push_unawaited(const websocket::SharedMessage& message);
  [[nodiscard]] websocket::Backlog& backlog();
  void empty_backlog();
  void end_subscriptions();
  [[nodiscard]] bool take(std::optional<Message>& message);
  void wake(IntrusiveList<Runnable>& waiters);
  void end_pings();
  void count_end() noexcept;

  /// Messages that nobody has received yet.
  struct Inbox {
    std::vector<Message> messages;
    std::size_t taken = 0;  // the first so many are gone
  };
  struct Waiters {
    IntrusiveList<Runnable> close;
    IntrusiveList<detail::PingAwaiter> ping;
  };
  [[nodiscard]] Waiters& waiters();

  websocket::Connections& shared_;
  std::unique_ptr<const HandshakeInfo> info_;
  std::unique_ptr<Inbox> inbox_;      // null while it is empty
  std::unique_ptr<Waiters> waiters_;  // null before there was one
  bool input_ended_ = false;
  bool closed_ = false;
  bool lost_ = false;
  bool counted_ = false;  // as open
  detail::RecvAwaiter* reader_ = nullptr;
  IntrusiveList<Runnable> send_waiters_;
  detail::FragmentedSend* fragmented_ = nullptr;  // a message that has begun
  std::unique_ptr<websocket::Backlog> backlog_;   // null where nothing waits
  std::unique_ptr<detail::Subscriptions> subscriptions_;
  std::uint32_t pings_ = 0;
  Duration latency_ = Duration::zero();
};

}  // namespace aiopyr

#include <aiopyr/websocket/awaiters.h>  // IWYU pragma: export
