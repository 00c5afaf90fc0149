// The websocket of a room.
#include "views.h"
#include "visitor.h"

namespace chat {

using namespace aiopyr;

namespace {

/// The largest request: 2000 characters, each escaped as `\uD83D\uDE00`, and what is around them. A
/// larger one closes the connection with 1009.
constexpr std::size_t kMaxSize = 32 * 1024;
/// Seconds between pings. A client that vanishes is removed from the room's list within twice that.
constexpr double kPingInterval = 15;

Task<> talk(std::shared_ptr<Chat> chat, Websocket& ws) {
  Visitor visitor(std::move(chat), ws);
  try {
    while (auto message = co_await ws.recv()) {
      const Json answer = visitor.take(*message);
      if (!answer.is_null()) co_await ws.send(answer.dump());
    }
  } catch (const ConnectionClosed&) {
    // The client left while it was answered, which is not an error.
  }
}

}  // namespace

void add_socket(Configurator& config, const std::shared_ptr<Chat>& chat) {
  config.add_route("socket", std::string("/chat/") + kRoomPattern);
  config.add_view(
      [chat](Websocket& ws) { return talk(chat, ws); },
      {.route_name = "socket",
       .mapper = WebsocketMapper{
           {.max_size = kMaxSize, .ping_interval = kPingInterval, .ping_timeout = kPingInterval}}});
}

}  // namespace chat
