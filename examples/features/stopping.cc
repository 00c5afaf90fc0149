// A view that could run for ever and notices the end of its worker: stopping() is an Event, to be
// awaited or queried. The worker waits for its end, up to aiopyr-drain-timeout.
#include "features.h"

namespace features {

using namespace aiopyr;

namespace stops {

Task<std::string> until_stopping(Request& request) {
  const auto rest = request.params().get<double>("rest", 0);
  co_await stopping().wait();
  co_await sleep(rest);
  co_return "told";
}

}  // namespace stops

using namespace stops;

void include_stopping(Configurator& config) {
  config.add_route("until-stopping", "/until-stopping");
  config.add_view(until_stopping, {.route_name = "until-stopping", .renderer = "string"});
}

}  // namespace features
