#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/config/view_config.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

Task<Json> home(Request&) { co_return Json{{"page", "home"}}; }
const ViewConfig kHome(home, {.route_name = "home", .renderer = "json"});

Response post_home(Request&) { return Response("posted"); }
const ViewConfig kPostHome(post_home, {.route_name = "home", .request_method = "POST"});

struct Pages {
  explicit Pages(Request&) {}
  Response about() { return Response("about"); }
  Response operator()() { return Response("called"); }
};
const ViewConfig kAbout(&Pages::about, {.name = "about"});
const ViewConfig kCalled(ViewClass<Pages>{}, {.name = "called"});

Response teapot(const std::invalid_argument&, Request&) { return Response("teapot", 418); }
const ExceptionViewConfig kTeapot(teapot);
const ViewConfig kBrew([](Request&) -> Response { throw std::invalid_argument("tea"); },
                       {.name = "brew"});

const NotfoundViewConfig kMissing([](Request&) { return Response("missing", 404); });
const ForbiddenViewConfig kForbidden([](Request&) { return Response("forbidden", 403); });

Response twice(Request&) { return Response("twice"); }

DeclaredView declared(const char* name, const std::source_location& where) {
  return {[name, where](Configurator& config) {
            ViewOptions options;
            options.name = name;
            config.add_view(twice, options, where);
          },
          where};
}

}  // namespace

TEST_CASE("scan adds the views that are declared beside their functions") {
  TestApp app;
  app.config.add_route("home", "/");
  app.config.scan();
  CHECK(app.get("/").body() == R"({"page":"home"})");
  CHECK(app.request("POST", "/").body() == "posted");
  CHECK(app.get("/about").body() == "about");
  CHECK(app.get("/called").body() == "called");
  CHECK(app.get("/brew").status_code() == 418);
  CHECK(app.get("/nowhere").body() == "missing");
}

TEST_CASE("scan may come before the routes that the declared views are for") {
  TestApp app;
  app.config.scan();
  app.config.add_route("home", "/");
  CHECK(app.get("/").status_code() == 200);
}

TEST_CASE("a view that is declared and added conflicts, with both places named") {
  TestApp app;
  app.config.add_route("home", "/");
  app.config.scan();
  app.config.add_view(post_home, {.route_name = "home", .request_method = "POST"});
  const std::string error = configuration_error_of([&] { app.config.commit(); });
  const auto first = error.find("view_config_test.cc:");
  REQUIRE(first != std::string::npos);
  CHECK(error.find("view_config_test.cc:", first + 1) != std::string::npos);
}

TEST_CASE("an error in a declaration names the declaration's place, not the scan's") {
  TestApp app;
  app.config.scan();
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }),
             Contains("view_config_test.cc:13") && Contains("no route 'home'"));
}

TEST_CASE("the order in which declarations were linked makes no difference") {
  const auto first = std::source_location::current();
  const auto second = std::source_location::current();
  const auto conflict_of = [&](DeclaredViews views) {
    Configurator config;
    config.scan(std::move(views));
    return configuration_error_of([&] { config.commit(); });
  };
  const std::string one = conflict_of({declared("x", first), declared("x", second)});
  CHECK_THAT(one, Contains("conflicting"));
  CHECK(conflict_of({declared("x", second), declared("x", first)}) == one);
}
