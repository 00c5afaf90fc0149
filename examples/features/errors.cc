// Errors: an HTTP exception is the answer; any other exception is logged once, and the client gets
// a 500 without details.
#include <stdexcept>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace errors {

Task<Json> missing(Request& request) {
  throw HTTPNotFound("There is no " + request.matchdict()["what"] + " here.");
  co_return Json();
}

Json forbidden(Request&) { throw HTTPForbidden("Not for you."); }

Task<Json> error_in_coroutine(Request&) {
  co_await sleep(0.001);
  throw std::runtime_error("the secret of the coroutine");
}

Json error_in_thread(Request&) { throw std::runtime_error("the secret of the thread"); }

}  // namespace errors

using namespace errors;

void include_errors(Configurator& config) {
  config.add_route("missing", "/missing/{what}");
  config.add_view(missing, {.route_name = "missing", .renderer = "json"});
  config.add_route("forbidden", "/forbidden");
  config.add_view(forbidden, {.route_name = "forbidden", .renderer = "json"});
  config.add_route("error-coroutine", "/error/coroutine");
  config.add_view(error_in_coroutine, {.route_name = "error-coroutine", .renderer = "json"});
  config.add_route("error-plain", "/error/plain");
  config.add_view(error_in_thread, {.route_name = "error-plain", .renderer = "json"});
  config.add_route("error-fiber", "/error/fiber");
  config.add_view(error_in_thread,
                  {.route_name = "error-fiber", .renderer = "json", .mapper = FiberMapper{}});
}

}  // namespace features
