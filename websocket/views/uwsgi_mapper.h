#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/websocket/messages/slow_client.h>

namespace aiopyr {

/// The options of one view's mapper; the mapper's class has the defaults.
struct UWSGIWebsocketOptions {
  /// Delivers text as text if it is UTF-8; switched off, everything arrives as bytes. Default:
  /// UWSGIWebsocketMapper::use_str.
  std::optional<bool> use_str{};
  /// The same as in WebsocketOptions.
  std::optional<std::size_t> max_queue{};
  std::optional<std::size_t> write_limit{};
  SlowClientPolicy slow_client{};
  std::optional<Seconds> close_timeout{};
  /// The same as WebsocketOptions::origins. Default: WebsocketMapper::origins.
  std::optional<std::string> origins{};
  /// The subprotocols of the view, the preferred one first; the first that the client offers is
  /// chosen.
  std::vector<std::string> subprotocols{};
};

/// The mapper for websocket views over uWSGI's own websocket engine
/// (aiopyramid.websocket.config.UWSGIWebsocketMapper). The request's fiber and core stay with the
/// connection to its end, which is always a WebsocketClosed thrown on the fiber: see
/// ignore_websocket_closed(). Prefer WebsocketMapper.
///
/// uWSGI's options `websockets-max-size` and `websockets-ping-freq` set the size of messages and
/// the keepalive. A server without such an engine is answered with 501.
class UWSGIWebsocketMapper final : public ViewMapper {
 public:
  explicit UWSGIWebsocketMapper(UWSGIWebsocketOptions options = {})
      : options_(std::move(options)) {}

  /// The class-wide default; for one app only if the app's function sets it. See WebsocketMapper.
  static inline bool use_str = true;

  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "UWSGIWebsocketMapper"; }

 private:
  UWSGIWebsocketOptions options_;
};

}  // namespace aiopyr
