#pragma once

#include <deque>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/request/native_websocket.h>
#include <aiopyr/websocket/protocol/receiver.h>

namespace aiopyr::testing {

/// A websocket engine like uWSGI's, for UWSGIWebsocketMapper without uWSGI: it speaks the frame
/// protocol over a stream whose other end the test has. On the request's fiber.
class UwsgiEngine final : public NativeWebsocket {
 public:
  /// Takes over the descriptor of a non-blocking stream, until release().
  explicit UwsgiEngine(int fd) noexcept : fd_(fd) {}
  ~UwsgiEngine() override;
  UwsgiEngine(const UwsgiEngine&) = delete;
  UwsgiEngine& operator=(const UwsgiEngine&) = delete;

  /// Gives up the stream, if no view uses this engine.
  [[nodiscard]] int release() noexcept;

  /// Returns whether a view had the request answered with a 101.
  [[nodiscard]] bool is_open() const noexcept { return is_open_; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }

  bool handshake(std::string_view subprotocol) override;
  Received receive(std::string& message, Kind& kind) override;
  bool send(Kind kind, std::string_view message) override;
  bool send_ping(std::string_view payload) override;
  void send_close(std::uint16_t code, std::string_view reason) override;
  [[nodiscard]] int fd() const noexcept override { return fd_; }
  [[nodiscard]] int ping_interval() const noexcept override { return 30; }

 private:
  struct Arrived {
    Received received;
    Kind kind = Kind::kText;
    std::string message{};
  };

  bool read();
  void take(const websocket::Incoming& incoming);
  bool write(std::string_view bytes);

  int fd_;
  bool is_open_ = false;
  bool said_close_ = false;
  std::string subprotocol_;
  websocket::Receiver receiver_;
  std::deque<Arrived> arrived_;
};

}  // namespace aiopyr::testing
