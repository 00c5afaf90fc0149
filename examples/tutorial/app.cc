// The tutorial: a page that waits, and the websocket that the page talks to, in each way to write
// and to map it.
#include "views.h"

namespace tutorial {

using namespace aiopyr;

Handler app(Configurator& config) {
  config.add_route("home", "/");
  config.add_view(home, {.route_name = "home", .renderer = "templates/home.html"});

  config.add_route("echo", "/echo");
  config.add_view(echo, {.route_name = "echo", .mapper = WebsocketMapper{}});
  config.add_route("echo-class", "/echo-class");
  config.add_view<Echo>({.route_name = "echo-class", .mapper = WebsocketMapper{}});

  // Compresses as much as possible; docs/websockets.md has the cost in memory.
  const PermessageDeflate most{
      .server_max_window_bits = 15, .client_max_window_bits = 15, .mem_level = 8, .min_size = 0};
  config.add_route("echo-deflate", "/echo-deflate");
  // Leaves out Apple's NSURLSession, which offers compression but cannot inflate.
  const auto can_inflate = [](Request& request) {
    return request.header("User-Agent").find("CFNetwork") == std::string_view::npos;
  };
  config.add_view(echo,
                  {.route_name = "echo-deflate",
                   .mapper = WebsocketMapper{{.compression = most, .compress_for = can_inflate}}});

  config.add_route("echo-uwsgi", "/echo-uwsgi");
  config.add_view(echo, {.route_name = "echo-uwsgi", .mapper = UWSGIWebsocketMapper{}});
  config.add_route("echo-uwsgi-class", "/echo-uwsgi-class");
  config.add_view<Echo>({.route_name = "echo-uwsgi-class", .mapper = UWSGIWebsocketMapper{}});

  // UWSGIWebsocketMapper ends every websocket with WebsocketClosed; without this each is logged.
  return ignore_websocket_closed(config.make_app());
}

}  // namespace tutorial

AIOPYR_APP(tutorial::app);
