// The least that a view can do, in each context where views run.
#include <chrono>

#include "bench.h"

namespace bench {

using namespace aiopyr;

namespace pages {

constexpr std::string_view kGreeting = "Hello, World!";

Task<Response> plaintext(Request&) {
  co_return Response(std::string(kGreeting), 200, "text/plain");
}

Task<Json> json(Request&) { co_return Json{{"message", kGreeting}}; }

Response fiber(Request&) { return Response(std::string(kGreeting), 200, "text/plain"); }

/// Waits for `ms` milliseconds, 10 by default: shows the cost of a parked request.
Task<Response> wait(Request& request) {
  co_await sleep(std::chrono::milliseconds(request.params().get<int>("ms", 10)));
  co_return Response(std::string(kGreeting), 200, "text/plain");
}

}  // namespace pages

void include_pages(Configurator& config) {
  config.add_route("plaintext", "/plaintext");
  config.add_view(pages::plaintext, {.route_name = "plaintext"});
  config.add_route("json", "/json");
  config.add_view(pages::json, {.route_name = "json", .renderer = "json"});
  config.add_route("fiber", "/fiber");
  config.add_view(pages::fiber, {.route_name = "fiber", .mapper = FiberMapper{}});
  config.add_route("sleep", "/sleep");
  config.add_view(pages::wait, {.route_name = "sleep"});
}

}  // namespace bench
