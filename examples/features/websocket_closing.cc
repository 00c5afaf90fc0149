// The beginning and the end of a websocket: the negotiated subprotocol, and the close.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace closing {

// Tells the client which subprotocol was chosen.
Task<> speak(Websocket& ws) { co_await ws.send("we speak " + std::string(ws.subprotocol())); }

// Closes as the client requests it, by a message such as `4001 bye`. However the connection ends,
// the received code is printed: 1006 for a client that has vanished.
Task<> close_as_told(Websocket& ws) {
  while (const auto message = co_await ws.recv()) {
    const std::string_view wish = message->str();
    const auto code = convert_parameter<std::uint16_t>("code", wish.substr(0, wish.find(' ')));
    co_await ws.close(code, wish.substr(wish.find(' ') + 1));
  }
  std::printf("websocket ended with %d\n", ws.close_code());
  std::fflush(stdout);
}

}  // namespace closing

using namespace closing;

void include_websocket_closing(Configurator& config) {
  config.add_route("speak", "/speak");
  config.add_view(speak, {.route_name = "speak",
                          .mapper = WebsocketMapper{{.subprotocols = {"chat.v2", "chat.v1"}}}});
  config.add_route("close", "/close");
  config.add_view(close_as_told, {.route_name = "close", .mapper = WebsocketMapper{}});
  config.add_route("echo", "/echo");
  config.add_view(
      [](Websocket& ws) -> Task<> {
        while (auto message = co_await ws.recv()) co_await ws.send(*message);
      },
      {.route_name = "echo", .mapper = WebsocketMapper{}});
}

}  // namespace features
