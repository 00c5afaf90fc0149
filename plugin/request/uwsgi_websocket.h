#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/request/native_websocket.h>
#include <aiopyr/websocket/protocol/error.h>
#include <aiopyr/websocket/protocol/frame.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// uWSGI's native websocket API, with its unsafe parts guarded.
///
/// uWSGI keeps one continuation buffer for the whole process: a fragment of one client would be
/// completed by another's, and a continuation without a beginning crashes. Therefore RequestFiber
/// makes that global a variable of each fiber, and uWSGI's engine gets data frames only once they
/// are complete and checked here. It never gets control frames: its pongs and closes are always
/// empty; ours carry what the client sent (RFC 6455 sections 5.5.1 and 5.5.3).
///
/// On the request's fiber.
class UwsgiWebsocket final : public NativeWebsocket {
 public:
  explicit UwsgiWebsocket(wsgi_request& request) noexcept : request_(request) {}

  bool handshake(std::string_view subprotocol) override;
  Received receive(std::string& message, Kind& kind) override;
  bool send(Kind kind, std::string_view message) override;
  bool send_ping(std::string_view payload) override;
  void send_close(std::uint16_t code, std::string_view reason) override;
  [[nodiscard]] int fd() const noexcept override;
  [[nodiscard]] int ping_interval() const noexcept override;

 private:
  enum class Filled { kSome, kNothing, kGone };

  [[nodiscard]] std::span<std::byte> buffered() const noexcept;
  Filled fill(std::size_t wanted);
  bool keep_alive();
  [[nodiscard]] websocket::ProtocolError judge(const websocket::DecodedHeader& head) const noexcept;
  Received take_data(const websocket::FrameHeader& header, std::string& message, Kind& kind);
  Received take_control(std::span<std::byte> frame, std::string& message);
  [[nodiscard]] bool is_announced() noexcept;
  Received break_off(websocket::ProtocolError error);
  Received leave();
  Received end() noexcept;
  bool write(std::string_view frame);

  wsgi_request& request_;
  Kind begun_as_ = Kind::kText;
  bool in_message_ = false;
  bool end_is_announced_ = false;
  bool close_sent_ = false;
};

}  // namespace aiopyr::plugin
