// Requests that take too long: what `aiopyr-request-timeout` gives each of them a view may change,
// for itself or while it runs.
#include <chrono>
#include <thread>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace deadlines {

// Waits; a view that is late is cancelled wherever it waits.
Task<std::string> wait(Request& request) {
  co_await sleep(request.params().get<double>("sleep", 0.1));
  co_return "in time";
}

// Takes more time for itself once it knows that it needs it.
Task<std::string> wait_longer(Request& request) {
  request.set_timeout(30);
  co_await sleep(request.params().get<double>("sleep", 0.1));
  co_return "in time";
}

const auto sleep_here = synchronize([](double seconds) -> Task<> { co_await sleep(seconds); });

// Whatever it does about its end, it is late.
std::string wait_stubbornly(Request& request) {
  try {
    sleep_here(request.params().get<double>("sleep", 0.1));
  } catch (...) {
    return "caught";
  }
  return "in time";
}

// Computes on the loop, where everybody else has to wait for it.
Task<std::string> compute(Request& request) {
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::duration<double>(request.params().get<double>("seconds", 0.01));
  while (std::chrono::steady_clock::now() < end) {
  }
  co_return "computed";
}

}  // namespace deadlines

using namespace deadlines;

void include_deadlines(Configurator& config) {
  config.add_route("wait", "/wait");
  config.add_view(wait, {.route_name = "wait", .renderer = "string"});
  config.add_route("wait-patiently", "/wait/patiently");
  config.add_view(wait,
                  {.route_name = "wait-patiently", .renderer = "string", .request_timeout = 30});
  config.add_route("wait-briefly", "/wait/briefly");
  config.add_view(wait,
                  {.route_name = "wait-briefly", .renderer = "string", .request_timeout = 0.2});
  config.add_route("wait-longer", "/wait/longer");
  config.add_view(wait_longer, {.route_name = "wait-longer", .renderer = "string"});
  config.add_route("wait-stubbornly", "/wait/stubbornly");
  config.add_view(wait_stubbornly,
                  {.route_name = "wait-stubbornly", .renderer = "string", .mapper = FiberMapper{}});
  config.add_route("compute", "/compute");
  config.add_view(compute, {.route_name = "compute", .renderer = "string"});
}

}  // namespace features
