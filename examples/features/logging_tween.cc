// A tween that waits, between tweens that need not know: it prints each request and its response
// in a thread, and the loop serves others meanwhile. Switched on by the setting features.log.
#include <cstdio>
#include <memory>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace logging {

// Returns whether a setting is one of Pyramid's truthy texts.
bool is_on(const Settings& settings, const std::string& key) {
  const auto setting = settings.find(key);
  return setting != settings.end() && convert_parameter<bool>(key, setting->second);
}

void print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

Handler coroutine_logger_tween_factory(Handler handler, Registry&) {
  // Uses a thread of its own, so that a line never waits for views that block the executor.
  auto pool = std::make_shared<Executor>(Executor::Options{.threads = 1});
  // Synchronized, because the tween is framework code and calls it as a plain function.
  auto async_print = synchronize(use_executor(print, std::move(pool)));

  return [handler = std::move(handler), async_print](Request& request) {
    // Runs in this order, and never blocks the loop.
    const std::string line = std::string(request.method()) + " " + request.path();
    async_print("request " + line);
    Response response = handler(request);
    async_print("response " + line + " " + response.status());
    return response;
  };
}

}  // namespace logging

using namespace logging;

void include_logging(Configurator& config) {
  if (is_on(config.settings(), "features.log")) {
    config.add_tween(coroutine_logger_tween_factory);
  }
}

}  // namespace features
