// Matches a request against many routes: it meets the last of those that differ in the first
// segment.
#include <cstdlib>
#include <string>

#include "figures.h"
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/request/blank_request.h>

namespace micro {

using namespace aiopyr;

namespace {

std::string name_of(int i) { return "section-" + std::to_string(i); }

double match_the_last_of(int count, int rounds) {
  Configurator config;
  for (int i = 1; i <= count; ++i) {
    config.add_route(name_of(i), "/" + name_of(i) + "/items/{id}");
    config.add_view([](Request&) { return Response("found"); }, {.route_name = name_of(i)});
  }
  const Handler app = config.make_app();
  const RoutesMapper& routes = config.registry().routes;
  BlankRequest request("/" + name_of(count) + "/items/7", {}, config.registry());
  return nanoseconds_each(rounds, [&](int n) {
    for (int i = 0; i < n; ++i)
      if (routes.match(request) == nullptr) std::abort();
  });
}

}  // namespace

Figures measure_routes(int rounds) {
  const int fewer = rounds / 50;
  return {
      {"match of the last of 10 routes", match_the_last_of(10, fewer)},
      {"match of the last of 1000 routes", match_the_last_of(1000, fewer)},
  };
}

}  // namespace micro
