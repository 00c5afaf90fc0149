#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <aiopyr/websocket/session/session.h>

namespace aiopyr {

/// The state of a websocket that is available without a wait: the reading part of Websocket.
class WebsocketState {
 public:
  WebsocketState(const WebsocketState&) = delete;
  WebsocketState& operator=(const WebsocketState&) = delete;

  /// Returns whether messages can still be sent.
  [[nodiscard]] bool is_open() const noexcept { return session_.is_open(); }

  /// Returns the data of the opening request; the request itself has ended with the 101.
  [[nodiscard]] const HandshakeInfo& request() const noexcept { return session_.info(); }
  /// Returns the chosen subprotocol; empty if there is none.
  [[nodiscard]] std::string_view subprotocol() const noexcept { return request().subprotocol(); }
  /// Returns the negotiated extensions, as the client got them; empty if messages are not
  /// compressed.
  [[nodiscard]] std::string_view extensions() const noexcept { return request().extensions(); }

  /// Return the code and reason received (RFC 6455 sections 7.1.5 and 7.1.6); 1006 if the
  /// connection was lost without them, or no close frame has come yet.
  [[nodiscard]] std::uint16_t close_code() const noexcept { return session_.closing().code(); }
  [[nodiscard]] std::string_view close_reason() const noexcept {
    return session_.closing().reason();
  }

  /// Returns the latency of the last ping, the view's or the keepalive's; zero before that.
  [[nodiscard]] Duration latency() const noexcept { return session_.latency(); }

 protected:
  WebsocketState(websocket::Stream& stream, std::unique_ptr<const HandshakeInfo> info,
                 std::shared_ptr<const websocket::Endpoint> endpoint)
      : session_(stream, std::move(info), std::move(endpoint)) {}
  ~WebsocketState() = default;

  websocket::Session session_;

 private:
  friend class websocket::Session;
};

}  // namespace aiopyr
