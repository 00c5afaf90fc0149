// The smallest app: one coroutine view with the `string` renderer.
#include <aiopyr/aiopyr.h>

namespace {

using namespace aiopyr;

Task<std::string> hello(Request& request) {
  co_await sleep(request.params().get<double>("sleep", 0.1));
  co_return "Welcome to Pyramid with coroutines.";
}

void app(Configurator& config) {
  config.add_route("hello", "/");
  config.add_view(hello, {.route_name = "hello", .renderer = "string"});
}

}  // namespace

AIOPYR_APP(app);
