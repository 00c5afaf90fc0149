#pragma once

#include <memory>

#include <aiopyr/websocket/session/handler.h>
#include <aiopyr/websocket/session/handshake_info.h>

namespace aiopyr::websocket {

/// The handler of a connection, and its data of the request.
struct Opening {
  std::unique_ptr<const HandshakeInfo> info;
  std::unique_ptr<WebsocketHandler> handler;
};

}  // namespace aiopyr::websocket
