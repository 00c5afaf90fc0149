#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/web/request/native_websocket.h>
#include <aiopyr/websocket/session/endpoint.h>
#include <aiopyr/websocket/session/handler.h>
#include <aiopyr/websocket/session/loop_websockets.h>
#include <aiopyr/websocket/session/opening.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr::websocket {

/// The websocket of UWSGIWebsocketMapper: the view is a coroutine on the loop, and the request's
/// fiber does all I/O of the socket through the server's own engine. Two bounded queues connect
/// them.
///
/// run() is called on the fiber; everything else in the root context. `engine` outlives run(); the
/// object itself may be kept longer, and is then closed.
class UwsgiSession final : public Websocket, private Stream {
 public:
  /// `use_str`: the view gets text as text if it is UTF-8, else as bytes.
  UwsgiSession(NativeWebsocket& engine, Opening opening, bool use_str,
               std::shared_ptr<const Endpoint> endpoint = std::make_shared<const Endpoint>());
  ~UwsgiSession() override;

  /// Serves until the view has ended and the connection is closed. Returns the view's exception;
  /// null if it ended in order. Throws CancelledError if the fiber is cancelled, which cancels the
  /// view.
  std::exception_ptr run();

 private:
  struct CloseCommand {
    std::uint16_t code;
    std::string reason;
  };
  struct Queued {
    Opcode type;  // text, binary or ping
    std::string payload;
  };
  class Waiter;
  class ViewGuard;

  // Stream: from the view
  void put_message(Opcode type, std::string_view payload) override;
  void put_prepared(const PreparedMessage& message, Follows follows) override;
  void put_piece(Opcode opcode, std::string_view piece, bool fin) override;
  void put_ping(std::string_view payload) override;
  void put_close(std::uint16_t code, std::string_view reason) override;
  [[nodiscard]] bool is_full() const noexcept override;
  void on_recv() override { notify(); }

  // In the root context
  void queue(Opcode type, std::string_view payload);
  void start_view() noexcept;
  static void on_view_done(void* self) noexcept;
  void end_view(std::exception_ptr error) noexcept;
  void drop_view() noexcept;
  void notify() noexcept;

  // On the fiber
  void receive();
  void take(std::string payload, NativeWebsocket::Kind kind);
  void begin_end(NativeWebsocket::Received announced);
  [[nodiscard]] bool may_end() const noexcept;
  void end_by_peer();
  void send_queued();
  [[nodiscard]] bool send_now(const Queued& message);
  void send_close_frame();
  void wait();
  void lose();
  [[nodiscard]] bool is_over() const noexcept;
  [[nodiscard]] bool wants_input() const noexcept;
  [[nodiscard]] Duration patience() const;

  NativeWebsocket& engine_;
  std::unique_ptr<WebsocketHandler> handler_;
  bool use_str_;
  Fiber* fiber_ = nullptr;  // while run() runs
  Task<> view_;
  bool view_done_ = false;
  std::exception_ptr view_error_;
  std::deque<Queued> queue_;          // waits for the engine
  Queued pieces_{Opcode::kText, {}};  // collected, since uWSGI sends only whole messages
  std::size_t queued_bytes_ = 0;
  std::optional<CloseCommand> close_command_;     // carried out once the queue is empty
  std::optional<NativeWebsocket::Received> end_;  // the peer's event that ends it
  TimePoint end_deadline_{};
  std::optional<TimePoint> close_deadline_;  // set once our close frame has left
  bool woken_ = false;
  ConnectionHook hook_{*this};
};

}  // namespace aiopyr::websocket
