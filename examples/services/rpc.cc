// Functions that other instances may call, and calls of their functions.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "services.h"

namespace services {

using namespace aiopyr;

namespace functions {

/// Waits in a coroutine, while other requests continue.
Task<std::string> reverse(uwsgi::RpcArguments arguments) {
  co_await sleep(0.01);
  std::string text(arguments.empty() ? "" : arguments[0]);
  std::reverse(text.begin(), text.end());
  co_return text;
}

std::string fail() { throw std::runtime_error("the function has failed"); }

/// Calls from a coroutine: awaits the result, wherever the function is.
Task<std::string> call(Request& request) {
  const auto node = request.params().get<std::string>("node", "");
  const auto text = request.params().get<std::string>("text", "");
  const std::vector<std::string> arguments(1, text);
  co_return co_await uwsgi::rpc(node, request.matchdict()["name"], arguments);
}

/// Calls from framework code: parks the fiber.
std::string call_on_fiber(Request& request) {
  const auto node = request.params().get<std::string>("node", "");
  const auto text = request.params().get<std::string>("text", "");
  return uwsgi::rpc(node, request.matchdict()["name"], {text}).get();
}

Task<Json> list(Request&) { co_return Json(uwsgi::rpc_list()); }

}  // namespace functions

void include_rpc(Configurator& config) {
  using namespace functions;
  uwsgi::register_rpc("reverse", reverse);
  uwsgi::register_rpc("fail", fail);
  config.add_route("rpc-list", "/rpc");
  config.add_view(list, {.route_name = "rpc-list", .renderer = "json"});
  config.add_route("rpc-call", "/rpc/{name}");
  config.add_view(call, {.route_name = "rpc-call", .renderer = "string"});
  config.add_route("rpc-call-on-fiber", "/rpc-on-fiber/{name}");
  config.add_view(
      call_on_fiber,
      {.route_name = "rpc-call-on-fiber", .renderer = "string", .mapper = FiberMapper{}});
}

}  // namespace services
