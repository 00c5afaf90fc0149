#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/config/app.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

Response greet(Request& request) { return Response(request.settings().at("greeting")); }

void configure(Configurator& config) {
  config.add_route("greet", "/greet/{name}");
  config.add_route("bare", "/bare");
  config.add_view(greet, {.route_name = "greet", .request_method = "POST"});
  config.add_view(greet, {.name = "hello"});
}

Handler configure_and_wrap(Configurator& config) {
  configure(config);
  return [next = config.make_app()](Request& request) {
    Response response = next(request);
    response.headers().set("X-Wrapped", "1");
    return response;
  };
}

Response ask(const Application& app, const std::string& path) {
  TestLoop loop;
  MapEnviron server(MapEnviron::Variables{{"PATH_INFO", path}});
  return run_until_complete(spawn_fiber([&] {
    Request request(server, *app.registry);
    return app.handler(request);
  }));
}

AppEntry entry_of(Handler (*make)(Configurator&)) { return {kAppMagic, abi_fingerprint(), make}; }

}  // namespace

AIOPYR_APP(configure);

TEST_CASE("an app's entry makes the app with the settings that it is given") {
  const Application app = make_application(*aiopyr_app(), {{"greeting", "hi"}});
  CHECK(ask(app, "/hello").body() == "hi");
}

TEST_CASE("an app's function may make and wrap the handler itself") {
  const Application app = make_application(entry_of(configure_and_wrap), {{"greeting", "hi"}});
  const Response response = ask(app, "/hello");
  CHECK(response.body() == "hi");
  CHECK(response.headers().get("X-Wrapped", "") == "1");
}

TEST_CASE("an entry of another make or ABI is refused, and nothing of it is called") {
  AppEntry entry = entry_of(nullptr);
  entry.abi[6] += 8;
  CHECK_THAT(configuration_error_of([&] { static_cast<void>(make_application(entry, {})); }),
             Contains("size of Request") && Contains("compile it again"));
  entry.abi[1] += 1;
  CHECK_THAT(configuration_error_of([&] { static_cast<void>(make_application(entry, {})); }),
             Contains("headers") && !Contains("size of Request"));
  entry.magic = 0;
  CHECK_THAT(configuration_error_of([&] { static_cast<void>(make_application(entry, {})); }),
             Contains("AIOPYR_APP"));
}

TEST_CASE("what an app's function throws reaches the loader") {
  const AppEntry entry =
      entry_of([](Configurator&) -> Handler { throw std::domain_error("no database"); });
  CHECK_THROWS_WITH(make_application(entry, {}), "no database");
}

TEST_CASE("an app without a handler is refused") {
  const AppEntry entry = entry_of([](Configurator&) { return Handler(); });
  CHECK_THROWS_AS(make_application(entry, {}), ConfigurationError);
}

TEST_CASE("templates start in the app's folder unless a setting names another") {
  const auto folder = [](Settings settings) {
    return Registry(std::move(settings), "/apps/one").app_folder();
  };
  CHECK(folder({}) == "/apps/one");
  CHECK(folder({{"app_folder", "/other"}}) == "/other");
}
