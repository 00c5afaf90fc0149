#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/websocket/protocol/deflate/permessage_deflate.h>
#include <aiopyr/websocket/session/endpoint.h>

namespace aiopyr {

/// What the mapper of one view may be told; what it is not told is as the mapper's class says.
struct WebsocketOptions {
  /// Text arrives as bytes. Default: WebsocketMapper::use_bytes.
  std::optional<bool> use_bytes{};
  /// Bytes of one message; more is answered with 1009. Default: WebsocketMapper::max_size.
  std::optional<std::size_t> max_size{};
  /// Messages kept while the view does not receive; then reading pauses. Default: 16.
  std::optional<std::size_t> max_queue{};
  /// Bytes that may wait to be sent before send() suspends. Default: 65536.
  std::optional<std::size_t> write_limit{};
  /// What becomes of messages that others send to a client that is too slow: those sent through a
  /// handle, and published ones where the subscription does not say. Default: 64 may wait, one more
  /// closes the connection with 1013.
  SlowClientPolicy slow_client{};
  /// How long the client may be silent before it is pinged, and how long it then has to send
  /// anything at all before the connection is closed with 1011; 0 switches each off. Default:
  /// WebsocketMapper::ping_interval and ping_timeout.
  std::optional<Seconds> ping_interval{};
  std::optional<Seconds> ping_timeout{};
  /// The time without a message in either direction after which the connection is closed with 1001.
  /// Default: 0, never.
  std::optional<Seconds> idle_timeout{};
  /// How long the client has to end the connection once a close frame was sent. Default: 10.
  std::optional<Seconds> close_timeout{};
  /// Which pages may connect: empty for those of the same origin, `*` for all, else a list such as
  /// `self https://example.com` (OriginPolicy::from_setting). Default: WebsocketMapper::origins.
  std::optional<std::string> origins{};
  /// What the view speaks, the best first; the first that the client offers is chosen.
  std::vector<std::string> subprotocols{};
  /// Compresses messages for clients that offer it: `.compression = PermessageDeflate{}`. Not
  /// otherwise: it has its price in memory (docs/websockets.md).
  std::optional<PermessageDeflate> compression{};
};

/// The mapper for websocket views (aiopyramid.websocket.config.WebsocketMapper), recommended:
/// frames are read strictly by our own protocol layer, and once the 101 has left, the request's
/// fiber and uWSGI core are free; what stays is the view's coroutine and a socket.
///
///     config.add_view(echo, {.route_name = "echo", .mapper = WebsocketMapper{}});
///     config.add_view(raw, {.route_name = "raw", .mapper = WebsocketMapper{{.use_bytes = true}}});
///
/// The handshake is checked on the fiber, after routes, predicates and tweens: a refusal is an
/// ordinary response (RFC 6455 section 4.2.2). Maps websocket views (view.h) only.
class WebsocketMapper final : public ViewMapper {
 public:
  explicit WebsocketMapper(WebsocketOptions options = {}) : options_(std::move(options)) {}

  // The class-wide defaults, for all mappers that were not told otherwise. What an app's function
  // sets, before or after the views are added, holds for the views of that app and for no other
  // app. Set elsewhere, on the loop's thread or before it runs, they hold for all apps that have
  // set none of their own; they are looked at in each handshake.
  static inline bool use_bytes = false;
  static inline std::size_t max_size = websocket::kDefaultMaxMessageSize;
  static inline std::string origins{};
  static inline double ping_interval = 20;
  static inline double ping_timeout = 20;

  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "WebsocketMapper"; }

 private:
  WebsocketOptions options_;
};

}  // namespace aiopyr
