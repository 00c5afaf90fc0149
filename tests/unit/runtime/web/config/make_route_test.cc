#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

std::string pattern_of(const Configurator& config, const std::string& name) {
  auto& registry = const_cast<Configurator&>(config).registry();
  return registry.routes.find(name)->pattern.text();
}

std::string error_of(const std::string& pattern, RouteOptions options) {
  TestApp app;
  app.config.add_route("r", pattern, std::move(options));
  return configuration_error_of([&] { app.config.commit(); });
}

}  // namespace

TEST_CASE("a static route is never matched, and keeps its place for URLs", "[web][routes]") {
  TestApp app;
  app.config.set_view_mapper(FiberMapper{});
  app.config.add_route("file", "/{x}", {.is_static = true});
  app.config.add_route("page", "/{y}");
  app.config.add_view(
      [](Request& r) {
        return Response(r.route_path("file", {{"x", "z"}}));
      },
      {.route_name = "page"});
  CHECK(app.get("/a").body() == "/z");
}

TEST_CASE("an external route is never matched and knows no prefix", "[web][routes]") {
  TestApp app;
  app.config.include([](Configurator& part) { part.add_route("ext", "https://example.com/{x}"); },
                     {.route_prefix = "api"});
  app.config.commit();
  const Route* route = app.config.registry().routes.find("ext");
  REQUIRE(route != nullptr);
  CHECK(route->is_static);
  CHECK(route->external_url == "https://example.com");
  CHECK(route->pattern.text() == "/{x}");
}

TEST_CASE("an include's prefix and a pattern have one slash between them", "[web][routes]") {
  TestApp app;
  const auto routes = [](Configurator& part) {
    part.add_route("empty", "");
    part.add_route("inherits", "", {.inherit_slash = true});
    part.add_route("slash", "/x");
    part.include([](Configurator& inner) { inner.add_route("inner", "y/"); },
                 {.route_prefix = "/deep/"});
  };
  app.config.include(routes, {.route_prefix = "/api/"});
  app.config.commit();
  CHECK(pattern_of(app.config, "empty") == "/api/");
  CHECK(pattern_of(app.config, "inherits") == "/api");
  CHECK(pattern_of(app.config, "slash") == "/api/x");
  CHECK(pattern_of(app.config, "inner") == "/api/deep/y/");
}

TEST_CASE("inherit_slash is for an empty pattern", "[web][routes]") {
  CHECK_THAT(error_of("/x", {.inherit_slash = true}),
             Contains("inherit_slash") && Contains("make_route_test.cc"));
}

TEST_CASE("a traverse may ask only for what the pattern has", "[web][routes]") {
  CHECK_THAT(error_of("/{a}", {.traverse = "/x/{b}"}), Contains("'b'") && Contains("'/{a}'"));
}

TEST_CASE("use_global_views is noted in the route", "[web][routes]") {
  TestApp app;
  app.config.add_route("r", "/", {.use_global_views = true});
  app.config.commit();
  CHECK(app.config.registry().routes.find("r")->use_global_views);
}

TEST_CASE("a route that is added again is found under its name at its new place", "[web][routes]") {
  RoutesMapper mapper;
  mapper.connect({"one", RoutePattern("/1")});
  mapper.connect({"two", RoutePattern("/2")});
  mapper.connect({"one", RoutePattern("/3")});
  CHECK(mapper.find("one")->pattern.text() == "/3");
  CHECK(mapper.find("two")->pattern.text() == "/2");
  CHECK(mapper.find("three") == nullptr);
}
