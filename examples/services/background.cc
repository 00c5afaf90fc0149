// Work without a request: signals, timers, cron entries and file monitors. Its results are counted
// in the cache, where every process sees them.
#include <string>

#include "services.h"

namespace services {

using namespace aiopyr;

namespace background {

constexpr std::uint8_t kRefresh = 100;

/// In a worker, on a fiber: it may wait while requests go on.
Task<> refresh(std::uint8_t) {
  co_await sleep(0.05);
  uwsgi::cache_inc("refreshed by worker");
}

Task<std::string> raise(Request&) {
  uwsgi::signal(kRefresh);
  co_return "raised";
}

/// Raises a signal of another instance, or of this one by its socket.
Task<std::string> raise_there(Request& request) {
  const auto node = request.params().get<std::string>("node", "");
  co_await uwsgi::signal(kRefresh, node);
  co_return "raised at " + node;
}

Task<std::string> fail(Request&) {
  uwsgi::signal(kRefresh + 1);
  co_return "raised";
}

void on_bad_signal() { throw std::runtime_error("the handler has failed"); }

}  // namespace background

void include_background(Configurator& config) {
  using namespace background;
  uwsgi::register_signal(kRefresh, refresh);
  uwsgi::register_signal(kRefresh + 1, on_bad_signal);
  uwsgi::timer(1, [] { uwsgi::cache_inc("timer"); });
  uwsgi::rb_timer(
      1, [] { uwsgi::cache_inc("rb_timer in mule"); }, 2, "mule");
  uwsgi::cron({.minute = -1}, [] { uwsgi::cache_inc("cron"); });
  const auto& settings = config.registry().settings;
  if (const auto watched = settings.find("services.watch"); watched != settings.end()) {
    uwsgi::filemon(watched->second, [] { uwsgi::cache_inc("filemon"); });
  }
  config.add_route("raise", "/signal");
  config.add_view(raise, {.route_name = "raise", .renderer = "string"});
  config.add_route("raise-there", "/signal/there");
  config.add_view(raise_there, {.route_name = "raise-there", .renderer = "string"});
  config.add_route("raise-bad", "/signal/bad");
  config.add_view(fail, {.route_name = "raise-bad", .renderer = "string"});
}

}  // namespace services
