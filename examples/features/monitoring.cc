// For operators: the figures for Prometheus, and an id that connects a client's complaint to the
// lines of the log. See docs/monitoring.md.
#include "features.h"

namespace features {

using namespace aiopyr;

namespace monitoring {

Task<Json> request_id(Request& request) {
  co_await sleep(0.01);
  co_return Json{{"id", request.id()}};
}

}  // namespace monitoring

void include_monitoring(Configurator& config) {
  config.include(prometheus("/metrics"));
  config.add_route("request-id", "/request-id");
  config.add_view(monitoring::request_id, {.route_name = "request-id", .renderer = "json"});
}

}  // namespace features
