// Requests that take too long: a view may change the limit of `aiopyr-request-timeout`, by its
// options or while it runs.
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

// Extends its time once it knows that it needs more.
Task<std::string> wait_longer(Request& request) {
  request.set_timeout(30);
  co_await sleep(request.params().get<double>("sleep", 0.1));
  co_return "in time";
}

const auto sleep_here = synchronize([](double seconds) -> Task<> { co_await sleep(seconds); });

// Catches its cancellation, but is late nevertheless.
std::string wait_stubbornly(Request& request) {
  try {
    sleep_here(request.params().get<double>("sleep", 0.1));
  } catch (...) {
    return "caught";
  }
  return "in time";
}

// Computes on the loop, where everything else has to wait for it.
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
