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

/// What the mapper of one view may be told; what it is not told is as the mapper's class says.
struct UWSGIWebsocketOptions {
  /// Text arrives as text where it is UTF-8; switched off, everything arrives as bytes. Default:
  /// UWSGIWebsocketMapper::use_str.
  std::optional<bool> use_str{};
  /// As in WebsocketOptions.
  std::optional<std::size_t> max_queue{};
  std::optional<std::size_t> write_limit{};
  SlowClientPolicy slow_client{};
  std::optional<Seconds> close_timeout{};
  /// As WebsocketOptions::origins. Default: WebsocketMapper::origins.
  std::optional<std::string> origins{};
  /// What the view speaks, the best first; the first that the client offers is chosen.
  std::vector<std::string> subprotocols{};
};

/// The mapper for websocket views over uWSGI's own websocket engine
/// (aiopyramid.websocket.config.UWSGIWebsocketMapper). The request's fiber and core stay with the
/// connection to its end, which is a WebsocketClosed thrown on the fiber, always: see
/// ignore_websocket_closed(). Prefer WebsocketMapper.
///
/// The size of messages is uWSGI's `websockets-max-size`, its keepalive `websockets-ping-freq`. A
/// server without such an engine is answered with 501.
class UWSGIWebsocketMapper final : public ViewMapper {
 public:
  explicit UWSGIWebsocketMapper(UWSGIWebsocketOptions options = {})
      : options_(std::move(options)) {}

  /// The class-wide default: of one app, where the app's function sets it. See WebsocketMapper.
  static inline bool use_str = true;

  [[nodiscard]] MappedView map(ViewCallable view) const override;
  [[nodiscard]] std::string name() const override { return "UWSGIWebsocketMapper"; }

 private:
  UWSGIWebsocketOptions options_;
};

}  // namespace aiopyr
