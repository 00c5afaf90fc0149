#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/websocket/protocol/deflate/permessage_deflate.h>
#include <aiopyr/websocket/session/endpoint.h>

namespace aiopyr {

class Request;

/// The options of the mapper of one view; those that are not given are as in the mapper's class.
struct WebsocketOptions {
  /// Delivers text as bytes. Default: WebsocketMapper::use_bytes.
  std::optional<bool> use_bytes{};
  /// The most bytes of one message; more is answered with 1009. Default: WebsocketMapper::max_size.
  std::optional<std::size_t> max_size{};
  /// The messages kept while the view does not receive; then reading pauses. Default: 16.
  std::optional<std::size_t> max_queue{};
  /// The bytes that may wait to be sent before send() suspends. Default: 65536.
  std::optional<std::size_t> write_limit{};
  /// The policy for messages that others send to a client that is too slow: those sent through a
  /// handle, and published ones if the subscription has no policy. Default: 64 may wait, one more
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
  /// The pages that may connect: empty for those of the same origin, `*` for all, else a list such
  /// as `self https://example.com` (OriginPolicy::from_setting). Default: WebsocketMapper::origins.
  std::optional<std::string> origins{};
  /// The subprotocols of the view, the preferred one first; the first that the client offers is
  /// chosen.
  std::vector<std::string> subprotocols{};
  /// Compresses messages for clients that offer it: `.compression = PermessageDeflate{}`. Default:
  /// no compression, because of its cost in memory (docs/websockets.md).
  std::optional<PermessageDeflate> compression{};
  /// Returns whether to compress messages for this client, if it offers that: some offer it, but
  /// cannot do it. Called in its handshake, on the fiber. Default: for all clients.
  std::function<bool(Request& request)> compress_for{};
};

/// The recommended mapper for websocket views (aiopyramid.websocket.config.WebsocketMapper). Our
/// own protocol layer reads frames strictly. Once the 101 has left, the request's fiber and uWSGI
/// core are free; only the view's coroutine and a socket remain.
///
///     config.add_view(echo, {.route_name = "echo", .mapper = WebsocketMapper{}});
///     config.add_view(raw, {.route_name = "raw", .mapper = WebsocketMapper{{.use_bytes = true}}});
///
/// The handshake is checked on the fiber, after routes, predicates and tweens: a refusal is an
/// ordinary response (RFC 6455 section 4.2.2). Maps websocket views (view.h) only.
class WebsocketMapper final : public ViewMapper {
 public:
  explicit WebsocketMapper(WebsocketOptions options = {}) : options_(std::move(options)) {}

  // The class-wide defaults, for mappers without options of their own. Values that an app's
  // function sets, before or after the views are added, are for the views of that app and for no
  // other app. Values that are set elsewhere, on the loop's thread or before it runs, are for all
  // apps that have set none; each handshake reads them.
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
