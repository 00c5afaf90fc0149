// The features app; see features.h. configs/features.ini serves it.
#include "features.h"

namespace features {

using namespace aiopyr;

// Text comes from the `string` renderer: this is Aiopyramid's starter app.
Task<std::string> home(Request& request) {
  co_await sleep(request.params().get<double>("sleep", 0.1));
  co_return "Welcome to Pyramid with Asyncio.";
}

Handler app(Configurator& config) {
  config.add_route("home", "/");
  config.add_view(home, {.route_name = "home", .renderer = "string"});
  config.include(include_where);
  config.include(include_synchronize);
  config.include(include_executor);
  config.include(include_deadlines);
  config.include(include_logging);
  config.include(include_views);
  config.include(include_forms);
  config.include(include_responses);
  config.include(include_errors);
  config.include(include_monitoring);
  config.include(include_security);
  config.include(include_static_files);
  config.include(include_tree);
  config.include(include_stopping);
  config.include(include_websockets);
  config.include(include_websocket_closing);
  return ignore_websocket_closed(config.make_app());
}

}  // namespace features

AIOPYR_APP(features::app);
