// All parts of an ordinary app's request: many routes, tweens, a user by a signed cookie, groups,
// an ACL, a coroutine view that waits once, a renderer. /login?user=george sets the cookie.
#include <memory>

#include "bench.h"
#include <aiopyr/runtime/base/parse_number.h>

namespace bench {

using namespace aiopyr;

namespace pipeline {

constexpr int kRoutes = 100;

/// Returns how many routes there are in all: the setting bench.routes.
int route_count(const Settings& settings) {
  const auto setting = settings.find("bench.routes");
  if (setting == settings.end()) return kRoutes;
  const auto count = parse_number<int>(setting->second);
  if (!count || *count < 10) throw ConfigurationError("bench.routes has to be a number from 10 on");
  return *count;
}

Task<std::optional<Principals>> get_principals(std::string userid, Request&) {
  if (userid != "george") co_return std::nullopt;
  co_return Principals{"group:editors"};
}

Task<Json> login(Request& request) {
  const std::string user = request.params()["user"];
  const Headers headers = co_await remember(request, user);
  request.response().headers().extend(headers);
  co_return Json{{"user", user}};
}

std::shared_ptr<Resource> editors_folder(Request&) {
  static const auto folder = [] {
    auto made = std::make_shared<Resource>("editors");
    made->set_acl({{kAllow, "group:editors", "view"}, kDenyAll});
    return made;
  }();
  return folder;
}

Task<Json> page(Request& request) {
  co_await sleep(0);
  co_return Json{{"path", request.path()}, {"items", {1, 2, 3}}, {"message", "Hello, World!"}};
}

Task<Json> section(Request& request) { co_return Json{{"id", request.matchdict()["id"]}}; }

}  // namespace pipeline

void include_pipeline(Configurator& config) {
  config.set_authentication_policy(authn_policy_factory<AuthTktAuthenticationPolicy>(
      pipeline::get_principals, {.secret = "seekrit", .hashalg = "sha512"}));

  config.add_route("login", "/login");
  config.add_view(pipeline::login, {.route_name = "login", .renderer = "json"});

  constexpr int kOthers = 9;  // pages, websockets, static files, /login and /pipeline
  const int sections = pipeline::route_count(config.settings()) - kOthers;
  for (int i = 1; i <= sections; ++i) {
    const std::string name = "section-" + std::to_string(i);
    config.add_route(name, "/" + name + "/items/{id}");
    config.add_view(pipeline::section, {.route_name = name, .renderer = "json"});
  }

  config.add_route("pipeline", "/pipeline", {.factory = pipeline::editors_folder});
  config.add_view(pipeline::page,
                  {.route_name = "pipeline", .renderer = "json", .permission = "view"});
}

}  // namespace bench
