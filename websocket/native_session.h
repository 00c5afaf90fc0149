#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/web/native_websocket.h>
#include <aiopyr/websocket/connections.h>
#include <aiopyr/websocket/endpoint.h>
#include <aiopyr/websocket/handler.h>
#include <aiopyr/websocket/opening.h>
#include <aiopyr/websocket/websocket.h>

namespace aiopyr::websocket {

/// The websocket of UWSGIWebsocketMapper: the view is a coroutine on the loop, the request's fiber
/// does all work on the socket through the server's own engine. Two queues, both bounded, are
/// between them.
///
/// run() on the fiber; everything else in the root context. `native` outlives run(); the object
/// itself may be kept longer, and is closed then.
class NativeSession final : public Websocket {
 public:
  /// `use_str`: text is given to the view as text where it is UTF-8, else as bytes.
  NativeSession(NativeWebsocket& native, Opening opening, bool use_str, Endpoint endpoint = {});
  ~NativeSession() override;

  /// Serves until the view has ended and the connection is closed; the view's exception, null where
  /// it ended in order. Throws CancelledError where the fiber is cancelled, which cancels the view.
  std::exception_ptr run();

 private:
  struct CloseCommand {
    std::uint16_t code;
    std::string reason;
  };
  struct Outgoing {
    Opcode type;  // text, binary or ping
    std::string payload;
  };
  class Waiter;
  class ViewGuard;

  // Websocket: from the view
  void put(Opcode type, std::string_view payload) override;
  void put_prepared(const PreparedMessage& message) override {
    put(message.type(), message.payload());
  }
  void put_fragment(Opcode opcode, std::string_view payload, bool last) override;
  void after_put() override { notify(); }
  [[nodiscard]] bool is_full() const noexcept override;
  [[nodiscard]] const SlowClientPolicy& slow_client() const noexcept override {
    return endpoint_.slow_client;
  }
  void send_close(std::uint16_t code, std::string_view reason) override;
  void send_ping(std::string_view payload) override;
  void on_recv() override { notify(); }

  // In the root context
  void start_view() noexcept;
  static void on_view_done(void* self) noexcept;
  void end_view(std::exception_ptr error) noexcept;
  void drop_view() noexcept;
  void notify() noexcept;

  // On the fiber
  void receive();
  void take(std::string payload, NativeWebsocket::Kind kind);
  void end_by_peer();
  void send_queued();
  [[nodiscard]] bool send_now(const Outgoing& outgoing);
  void send_close_frame();
  void wait();
  void lose();
  [[nodiscard]] bool is_over() const noexcept;
  [[nodiscard]] bool wants_input() const noexcept;
  [[nodiscard]] Duration patience() const;

  NativeWebsocket& native_;
  std::unique_ptr<WebsocketHandler> handler_;
  Endpoint endpoint_;
  bool use_str_;
  Fiber* fiber_ = nullptr;  // while run() runs
  Task<> view_;
  bool view_done_ = false;
  std::exception_ptr view_error_;
  std::deque<Outgoing> outbox_;
  Outgoing fragments_{Opcode::kText, {}};  // uWSGI sends whole messages only
  std::size_t outbox_bytes_ = 0;
  std::optional<CloseCommand> close_command_;  // to be carried out once the outbox is empty
  std::optional<TimePoint> close_deadline_;    // set once our close frame has left
  bool woken_ = false;
  ConnectionHook hook_{*this};
};

}  // namespace aiopyr::websocket
