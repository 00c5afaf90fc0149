#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/base/lazy_string.h>
#include <aiopyr/websocket/messages/compression.h>
#include <aiopyr/websocket/messages/output_buffer.h>
#include <aiopyr/websocket/protocol/frame.h>
#include <aiopyr/websocket/protocol/receiver.h>
#include <aiopyr/websocket/session/endpoint.h>
#include <aiopyr/websocket/session/handler.h>
#include <aiopyr/websocket/session/loop_websockets.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr::websocket {

/// The websocket of WebsocketMapper: our protocol layer over a stream that it owns, after the
/// request that opened it has ended.
///
/// Loop thread only. The loop keeps it, as a spawned task, until the view has ended and the stream
/// is closed; cancel() ends both at once, and so does the end of the loop. An idle connection holds
/// no buffers.
///
/// How it ends: the view returns -> 1000; the view throws -> 1011, and the exception goes to the
/// loop's exception handler; the peer breaks the protocol -> 1002, 1007 or 1009, after the view
/// could answer the messages before; the peer closes -> its code is echoed at once; the peer does
/// not answer pings -> 1011; nothing happens for too long -> 1001. After a close frame has left, we
/// end our side of the stream and read to the peer's end, so that a reset does not lose the frame.
class Connection final : public Websocket, public aiopyr::detail::SpawnedTask, private Stream {
 public:
  struct Setup {
    std::unique_ptr<Transport> transport;
    /// Bytes that the peer has sent behind its request.
    std::string leftover{};
    std::shared_ptr<const Endpoint> endpoint;
    std::unique_ptr<WebsocketHandler> handler;
    std::unique_ptr<const HandshakeInfo> info{};
    bool use_bytes = false;                      ///< the view gets text as bytes
    std::unique_ptr<Compression> compression{};  ///< null if not negotiated
  };

  /// Starts a connection in the next turn of this thread's loop; called anywhere on its thread.
  static std::shared_ptr<Connection> open(Setup setup);

  explicit Connection(Loop& loop, Setup setup);
  ~Connection() override;

  /// Stops waiting for the peer: the view finds the connection lost, as if the peer had vanished,
  /// and a class view gets its on_close. Called by the loop.
  void give_up();

  /// Returns the bytes of output and unread input that it keeps.
  [[nodiscard]] std::size_t buffered() const noexcept { return output_.size() + unread_.size(); }
  /// Returns how many messages wait until the output has room.
  [[nodiscard]] std::size_t waiting() const noexcept { return session_.outbox().size(); }

 private:
  class Entry;

  /// Called by the loop: for the stream's descriptor, for time, and in its next turn. One object
  /// for the three, to save memory in each connection.
  class Calls final : public FdWatch, public Timer, public Runnable {
   public:
    explicit Calls(Connection& connection) noexcept : connection_(connection) {}
    void run() override { connection_.on_soon(); }

   private:
    void on_ready(FdEvents ready) override { connection_.on_ready(ready); }
    void on_timer() override { connection_.on_deadline(); }

    Connection& connection_;
  };

  // SpawnedTask
  void begin() override;
  void drop_task() noexcept override;

  // Stream
  void put_message(Opcode type, std::string_view payload) override;
  void put_prepared(const PreparedMessage& message, Follows follows) override;
  void put_piece(Opcode opcode, std::string_view piece, bool fin) override;
  void put_ping(std::string_view payload) override;
  void put_close(std::uint16_t code, std::string_view reason) override;
  [[nodiscard]] bool is_full() const noexcept override;
  void on_recv() override;

  // The view (connection.cc)
  void start_view();
  static void on_view_done(void* self);
  void end_view(std::uint16_t code);
  [[nodiscard]] std::uint16_t take_view_result() noexcept;
  void report(std::exception_ptr error) noexcept;

  // Calls by the loop (connection.cc)
  void on_ready(FdEvents ready);
  void on_deadline();
  void on_soon();
  void schedule() noexcept;
  void settle();

  // Input (connection_input.cc)
  void read();
  void end_of_stream();
  void read_unread();
  void process(std::span<std::byte> input);
  void take_incoming(const Incoming& incoming);
  void handle_message(const Incoming& incoming);
  void handle_close(const Incoming& incoming);
  void answer_ping(std::string_view payload);
  void take_violation(ProtocolError error);
  void fail_when_idle();
  [[nodiscard]] bool inbox_is_full() const noexcept;
  [[nodiscard]] bool wants_input() const noexcept;

  // Silence (connection_keepalive.cc)
  void keep_alive();
  [[nodiscard]] bool check_peer(TimePoint now);
  void ping_peer(TimePoint now);
  void await_silence();
  [[nodiscard]] bool is_watched() const noexcept;

  // Output and closing (connection_output.cc)
  void after_put();
  void fail(std::uint16_t code, std::string_view reason);
  [[nodiscard]] std::string& tail();
  void put_frame(Opcode opcode, bool fin, const Compression::Encoded& encoded);
  void flush();
  [[nodiscard]] bool may_write_at_once() const noexcept;
  [[nodiscard]] bool output_may_wait() const noexcept;
  void write_in_batch();
  void write_pending();
  void write_through(std::string_view payload);
  void after_write(const Transport::Result& result);
  void begin_drain();
  void drop();
  void update_watch();

  [[nodiscard]] FdWatch& watch() noexcept { return calls_; }
  [[nodiscard]] Timer& deadline() noexcept { return calls_; }
  [[nodiscard]] Runnable& soon() noexcept { return calls_; }
  [[nodiscard]] const Runnable& soon() const noexcept { return calls_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return session_.endpoint(); }
  [[nodiscard]] Connections& shared() const noexcept { return session_.shared(); }
  /// Returns whether our close frame has not been sent; also true if the stream is lost.
  [[nodiscard]] bool may_send() const noexcept { return session_.closing().may_send(); }
  [[nodiscard]] bool is_write_blocked() const noexcept { return write_waits_ != FdEvents::kNone; }
  /// Returns whether only the end of the stream is awaited.
  [[nodiscard]] bool is_draining() const noexcept { return session_.is_closed(); }

  std::unique_ptr<WebsocketHandler> handler_;
  Task<> view_;
  std::unique_ptr<Transport> transport_;  // null once the stream is closed
  std::unique_ptr<Compression> compression_;
  Receiver receiver_;
  OutputBuffer output_;
  LazyString unread_;   // input that has to wait until the inbox has room
  TimePoint heard_;     // when the last input came
  TimePoint moved_;     // when the last message came or went
  TimePoint pinged_{};  // when the keepalive's last ping (number ping_) was sent
  std::uint32_t ping_ = 0;
  std::uint16_t depth_ = 0;                       // nested calls by the loop
  ProtocolError failure_ = ProtocolError::kNone;  // the peer's violation, until it takes effect
  // The events that reading and writing wait for: TLS may need the other direction.
  FdEvents read_waits_ = FdEvents::kRead;
  FdEvents write_waits_ = FdEvents::kNone;  // set when the stream has refused more
  bool unanswered_ = false;                 // nothing has come since the keepalive's last ping
  bool view_done_ = false;
  bool at_end_ = false;  // the peer has ended its side
  bool use_bytes_;       // the view gets text as bytes
  Calls calls_{*this};
  ConnectionHook hook_{*this};
};

}  // namespace aiopyr::websocket
