#include <utility>

#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/introspection/exposition.h>
#include <aiopyr/runtime/web/introspection/prometheus.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace aiopyr {

namespace {

Response show_metrics(Request& request) {
  return Response(request.environ().metrics_text(), 200, metrics::Exposition::kContentType);
}

}  // namespace

std::function<void(Configurator&)> prometheus(std::string pattern, PrometheusOptions options) {
  return [pattern = std::move(pattern), options = std::move(options)](Configurator& config) {
    config.add_route(options.route_name, pattern);
    config.add_view(show_metrics, {.route_name = options.route_name,
                                   .permission = options.permission,
                                   .request_method = "GET",
                                   .mapper = FiberMapper{}});
  };
}

}  // namespace aiopyr
