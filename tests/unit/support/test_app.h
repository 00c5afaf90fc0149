#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/support/map_environ.h"
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {

/// A configurator, and a client in the same process: each request gets a fiber of its own.
class TestApp {
 public:
  explicit TestApp(Settings settings = {}) : config(std::move(settings)) {
    config.registry().set_logger(
        [this](LogLevel, std::string_view message) { log.emplace_back(message); });
  }

  /// Sends one request; the first call makes the app.
  Response request(std::string method, std::string path, MapEnviron::Variables more = {},
                   std::string body = {}) {
    more["REQUEST_METHOD"] = std::move(method);
    more["PATH_INFO"] = std::move(path);
    MapEnviron variables(std::move(more), std::move(body));
    return send(variables);
  }
  Response get(std::string path, MapEnviron::Variables more = {}) {
    return request("GET", std::move(path), std::move(more));
  }
  Response send(MapEnviron& variables) {
    if (!handler) handler = config.make_app();
    return run_until_complete(spawn_fiber([&] {
      Request request(variables, config.registry());
      return handler(request);
    }));
  }

  TestLoop loop;
  Configurator config;
  Handler handler;
  std::vector<std::string> log;
};

/// Returns the message of the ConfigurationError that `f` has to throw.
template <class F>
std::string configuration_error_of(F f) {
  try {
    f();
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "no ConfigurationError was thrown";
}

}  // namespace aiopyr
