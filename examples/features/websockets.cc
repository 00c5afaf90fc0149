// Websockets with both mappers: the types of messages, with and without the flags, and a view that
// throws.
#include <stdexcept>
#include <string>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace websockets {

// Answers each message with its type and its length in bytes.
Task<> type_and_length(Websocket& ws) {
  while (auto message = co_await ws.recv()) {
    const char* type = message->is_text() ? "str:" : "bytes:";
    co_await ws.send(type + std::to_string(message->size()));
  }
}

// Throws: the client gets 1011, the log gets the reason, and the worker continues.
Task<> throws(Websocket& ws) {
  const auto message = co_await ws.recv();
  if (message) throw std::runtime_error("this view always throws");
}

// Uses the data of the opening request, which are kept as long as the websocket.
class Welcome : public WebsocketConnectionView {
 public:
  using WebsocketConnectionView::WebsocketConnectionView;

  Task<> on_open() override { co_await send("welcome " + ws().request().matchdict()["name"]); }
  Task<> on_message(Message message) override { co_await send(message); }
};

}  // namespace websockets

using namespace websockets;

void include_websockets(Configurator& config) {
  config.add_route("type", "/type");
  config.add_view(type_and_length, {.route_name = "type", .mapper = WebsocketMapper{}});
  config.add_route("type-bytes", "/type-bytes");
  config.add_view(type_and_length,
                  {.route_name = "type-bytes", .mapper = WebsocketMapper{{.use_bytes = true}}});
  config.add_route("uwsgi-type", "/uwsgi-type");
  config.add_view(type_and_length, {.route_name = "uwsgi-type", .mapper = UWSGIWebsocketMapper{}});
  config.add_route("uwsgi-type-raw", "/uwsgi-type-raw");
  config.add_view(type_and_length, {.route_name = "uwsgi-type-raw",
                                    .mapper = UWSGIWebsocketMapper{{.use_str = false}}});

  config.add_route("throws", "/throws");
  config.add_view(throws, {.route_name = "throws", .mapper = WebsocketMapper{}});
  config.add_route("uwsgi-throws", "/uwsgi-throws");
  config.add_view(throws, {.route_name = "uwsgi-throws", .mapper = UWSGIWebsocketMapper{}});

  config.add_route("welcome", "/welcome/{name}");
  config.add_view<Welcome>({.route_name = "welcome", .mapper = WebsocketMapper{}});
}

}  // namespace features
