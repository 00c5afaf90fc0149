#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/introspection/introspection.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

// Not in an unnamed namespace, for whose functions the dynamic linker has no names.
namespace introspection_test {

Response show(Request&) { return Response("show"); }
Response edit(Request&) { return Response("edit"); }

}  // namespace introspection_test

namespace {

using introspection_test::edit;
using introspection_test::show;

struct Shelf : Resource {};
Response on_shelf(Shelf&, Request&) { return Response("shelf"); }

Response failed(const std::runtime_error&, Request&) { return Response("failed", 500); }

std::vector<std::string> names_of(const TweenChainInfo& chain) {
  std::vector<std::string> names;
  for (const TweenInfo& tween : chain.tweens) names.push_back(tween.position + " " + tween.name);
  return names;
}

Handler pass_through(Handler next, Registry&) { return next; }

}  // namespace

TEST_CASE("routes are listed in their order, with what both route and view take") {
  Configurator config;
  config.add_route("any", "/any/{id}");
  config.add_route("bare", "/bare", {.request_method = "DELETE"});
  config.add_route("mixed", "/mixed", {.request_method = {"GET", "POST"}});
  config.add_view(show, {.route_name = "any", .request_method = "GET"});
  config.add_view(edit, {.route_name = "any", .request_method = not_("GET")});
  config.add_view(show, {.route_name = "mixed", .request_method = "POST"});
  config.add_view(edit, {.route_name = "mixed", .request_method = "PUT"});
  config.commit();
  const auto routes = list_routes(config.registry());
  REQUIRE(routes.size() == 5);
  const auto method_of = [&](std::string_view name, std::string_view view) {
    for (const RouteInfo& route : routes) {
      if (route.name == name && route.view.find(view) != std::string::npos) return route.method;
    }
    return std::string("no such row");
  };
  CHECK(routes[0].pattern == "/any/{id}");
  CHECK(method_of("any", "show") == "GET,HEAD");
  CHECK(method_of("any", "edit") == "!GET,!HEAD,*");
  CHECK(method_of("bare", kUnknownView) == "DELETE");
  CHECK(method_of("mixed", "show") == "POST");
  CHECK(method_of("mixed", "edit") == kNoMethod);
}

TEST_CASE("views are listed with context, predicates, permission and mapper") {
  Configurator config;
  config.add_route("home", "/");
  config.add_view(show, {.route_name = "home", .xhr = true, .mapper = FiberMapper{}});
  config.add_view(on_shelf, {.name = "look", .permission = "read"});
  config.add_exception_view(failed);
  config.commit();
  const auto views = list_views(config.registry());
  // The last but one is Pyramid's own view for HTTP exceptions.
  REQUIRE(views.size() == 4);
  CHECK(views[0].route == "home");
  CHECK(views[0].predicates == "xhr");
  CHECK(views[0].mapper == "FiberMapper");
  CHECK(views[0].context.empty());
  CHECK(views[1].route.empty());
  CHECK(views[1].name == "look");
  CHECK(views[1].permission == "read");
  CHECK_THAT(views[1].context, Contains("Shelf"));
  CHECK(views[2].is_exception_view);
  CHECK(views[2].view == "default_exceptionresponse_view");
  CHECK(views[3].is_exception_view);
  CHECK_THAT(views[3].context, Contains("runtime_error"));
}

TEST_CASE("the views at a path are those of its routes, else of what traversal finds") {
  TestApp app;
  app.config.add_route("one", "/books/{id}", {.request_method = "GET"});
  app.config.add_route("two", "/books/*rest");
  app.config.add_view(show, {.route_name = "one"});
  app.config.add_view(edit, {.route_name = "two"});
  app.config.add_view(show, {.name = "hello"});
  app.config.commit();
  const Registry& registry = app.config.registry();
  const auto count_at = [&](std::string_view path) {
    return run_until_complete(spawn_fiber([&] { return list_views_at(registry, path); })).size();
  };
  CHECK(count_at("/books/3?x=1") == 2);
  CHECK(count_at("/books/3/pages") == 1);
  CHECK(count_at("/hello") == 1);
  CHECK(count_at("/nothing") == 0);
}

TEST_CASE("the tweens are listed from the server to the views") {
  Configurator config;
  config.add_tween(pass_through, {.name = "t1"});
  config.add_tween(pass_through, {.name = "t2"});
  static_cast<void>(config.make_app());
  const auto chains = list_tweens(config.registry());
  REQUIRE(chains.size() == 1);
  CHECK_FALSE(chains[0].is_explicit);
  CHECK(names_of(chains[0]) ==
        std::vector<std::string>{"- INGRESS", "0 t2", "1 t1", "2 EXCVIEW", "- MAIN"});
}

TEST_CASE("an explicit chain of tweens is listed before the implicit one that it replaces") {
  Configurator config(Settings{{"tweens", "EXCVIEW t1"}});
  config.add_tween(pass_through, {.name = "t1"});
  static_cast<void>(config.make_app());
  const auto chains = list_tweens(config.registry());
  REQUIRE(chains.size() == 2);
  CHECK(chains[0].is_explicit);
  CHECK(names_of(chains[0]) ==
        std::vector<std::string>{"- INGRESS", "0 EXCVIEW", "1 t1", "- MAIN"});
  CHECK_FALSE(chains[1].is_used);
  CHECK(names_of(chains[1])[1] == "0 t1");
  CHECK_THAT(format_tweens(chains), Contains("Explicit tween chain (used)") &&
                                        Contains("Implicit tween chain (not used)"));
}

TEST_CASE("a table's columns are as wide as they have to be, and no line ends in blanks") {
  CHECK(format_table({"A", "Long"}, {{"1", "2"}, {"333", ""}}) ==
        "A    Long\n"
        "-    ----\n"
        "1    2\n"
        "333\n");
}
