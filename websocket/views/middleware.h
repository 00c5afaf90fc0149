#pragma once

#include <aiopyr/runtime/web/registry/tweens.h>

namespace aiopyr {

/// Swallows the WebsocketClosed with which every websocket of UWSGIWebsocketMapper ends, so that it
/// is not logged; one with a cause reaches the caller
/// (aiopyramid.websocket.helpers.ignore_websocket_closed).
///
///     Handler app(Configurator& config) { ...; return ignore_websocket_closed(config.make_app());
///     }
[[nodiscard]] Handler ignore_websocket_closed(Handler app);

}  // namespace aiopyr
