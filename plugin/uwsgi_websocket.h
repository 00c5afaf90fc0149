#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/native_websocket.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// uWSGI's native websocket API, made safe.
///
/// uWSGI keeps one continuation buffer for the whole process: a fragment of one client would be
/// completed by another's, and a continuation without a beginning crashes. RequestFiber therefore
/// makes that global a variable of each fiber, and this class never lets a native call find it
/// null.
class UwsgiWebsocket final : public NativeWebsocket {
 public:
  explicit UwsgiWebsocket(wsgi_request& request) noexcept : request_(request) {}

  bool handshake(std::string_view subprotocol) override;
  Received receive(std::string& message, Kind& kind) override;
  bool send(Kind kind, std::string_view message) override;
  void send_close(std::uint16_t code, std::string_view reason) override;
  [[nodiscard]] int fd() const noexcept override;
  [[nodiscard]] int ping_interval() const noexcept override;

 private:
  Received take(std::string_view part, std::string& message, Kind& kind);
  Received break_off(std::uint16_t code, std::string_view reason);

  wsgi_request& request_;
  Kind begun_as_ = Kind::kText;
  bool in_message_ = false;
  bool close_sent_ = false;
};

}  // namespace aiopyr::plugin
