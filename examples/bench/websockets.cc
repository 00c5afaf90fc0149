// An echo, and a topic: a message of one of its subscribers goes to all of them.
#include <memory>

#include "bench.h"

namespace bench {

using namespace aiopyr;

namespace websockets {

constexpr const char* kTopic = "news";

Task<> echo(Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(*message);
}

}  // namespace websockets

void include_websockets(Configurator& config) {
  config.add_route("echo", "/echo");
  config.add_view(websockets::echo, {.route_name = "echo", .mapper = WebsocketMapper{}});

  config.add_route("topic", "/topic");
  config.add_view(
      [topics = std::make_shared<Topics>()](Websocket& ws) -> Task<> {
        topics->subscribe(ws, websockets::kTopic);
        while (auto message = co_await ws.recv()) topics->publish_now(websockets::kTopic, *message);
      },
      {.route_name = "topic", .mapper = WebsocketMapper{}});
}

}  // namespace bench
