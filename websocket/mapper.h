#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/mapper_ref.h>
#include <aiopyr/websocket/endpoint.h>

namespace aiopyr {

/// What the mapper of one view may be told; what it is not told is as the mapper's class says.
struct WebsocketOptions {
  /// Text arrives as bytes. Default: WebsocketMapper::use_bytes.
  std::optional<bool> use_bytes{};
  /// Bytes of one message; more is answered with 1009. Default: WebsocketMapper::max_size.
  std::optional<std::size_t> max_size{};
  /// Which pages may connect: empty for those of the same origin, `*` for all, else a list such as
  /// `self https://example.com` (OriginPolicy::from_setting). Default: WebsocketMapper::origins.
  std::optional<std::string> origins{};
  /// What the view speaks, the best first; the first that the client offers is chosen.
  std::vector<std::string> subprotocols{};
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

  // The class-wide defaults, for all mappers that were not told otherwise; looked at in each
  // handshake, so they may be set before or after the views are added. Set them on the loop's
  // thread, or before it runs.
  static inline bool use_bytes = false;
  static inline std::size_t max_size = websocket::kDefaultMaxMessageSize;
  static inline std::string origins{};

  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "WebsocketMapper"; }

 private:
  WebsocketOptions options_;
};

}  // namespace aiopyr
