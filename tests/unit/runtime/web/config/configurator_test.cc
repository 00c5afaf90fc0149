#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

Response view(Request&) { return Response("view"); }
Response other_view(Request&) { return Response("other"); }
std::string line(int number) { return "configurator_test.cc:" + std::to_string(number); }

std::string commit_error(TestApp& app) {
  return configuration_error_of([&] { app.config.commit(); });
}

}  // namespace

TEST_CASE("a view may be added before its route") {
  TestApp app;
  app.config.add_view(view, {.route_name = "late"});
  app.config.add_route("late", "/late");
  CHECK(app.get("/late").body() == "view");
}

TEST_CASE("the same view registration twice names both places") {
  TestApp app;
  app.config.add_route("home", "/");
  app.config.add_view(view, {.route_name = "home", .request_method = "GET"});
  const int first = __LINE__ - 1;
  app.config.add_view(other_view, {.route_name = "home", .request_method = {"GET", "HEAD"}});
  const int second = __LINE__ - 1;
  CHECK_THAT(commit_error(app),
             Contains(line(first)) && Contains(line(second)) && Contains("'home'"));
}

TEST_CASE("registrations that differ by name or predicates do not conflict") {
  TestApp app;
  app.config.add_route("home", "/");
  app.config.add_view(view, {.route_name = "home"});
  app.config.add_view(view, {.route_name = "home", .request_method = "POST"});
  app.config.add_view(view, {.route_name = "home", .name = "x"});
  app.config.add_view(view, {.name = "home"});
  app.config.add_view(view);
  CHECK_NOTHROW(app.config.commit());
}

TEST_CASE("the same route name twice is a conflict") {
  TestApp app;
  app.config.add_route("home", "/");
  app.config.add_route("home", "/x");
  CHECK_THAT(commit_error(app), Contains(line(__LINE__ - 2)) && Contains("route 'home'"));
}

TEST_CASE("a view of an unknown route is refused and told the known ones") {
  TestApp app;
  app.config.add_route("home", "/");
  app.config.add_view(view, {.route_name = "hom"});
  CHECK_THAT(commit_error(app),
             Contains(line(__LINE__ - 2)) && Contains("'hom'") && Contains("home"));
}

TEST_CASE("an unknown renderer and a missing template are refused in one line with the place") {
  for (const std::string renderer : {"jso", "templates/nowhere.html"}) {
    TestApp app;
    app.config.add_view(view, {.renderer = renderer});
    const std::string error = commit_error(app);
    CHECK_THAT(error, Contains(line(__LINE__ - 2)) && Contains(renderer));
    CHECK_THAT(error, !Contains("\n"));
  }
}

TEST_CASE("a view that gives values needs a renderer") {
  TestApp app;
  app.config.add_view([](Request&) { return Json{}; });
  CHECK_THAT(commit_error(app), Contains(line(__LINE__ - 1)) && Contains("renderer"));
}

TEST_CASE("a bad pattern is refused with its place") {
  TestApp app;
  app.config.add_route("x", "/{");
  CHECK_THAT(commit_error(app), Contains(line(__LINE__ - 1)) && Contains("'/{'"));
}

TEST_CASE("what is no method is refused with its place") {
  TestApp app;
  app.config.add_view(view, {.request_method = "get"});
  CHECK_THAT(commit_error(app), Contains(line(__LINE__ - 1)) && Contains("'get'"));
}

TEST_CASE("a route without a name is refused") {
  TestApp app;
  app.config.add_route("", "/");
  CHECK_THAT(commit_error(app), Contains("needs a name"));
}

TEST_CASE("the app's view mapper serves the views that name none, in whatever order") {
  TestApp app;
  const auto where = [](Request&) { return std::string(to_string(current_context())); };
  app.config.add_view(where, {.name = "a", .renderer = "string"});
  app.config.set_view_mapper(FiberMapper{});
  app.config.add_view(where, {.name = "b", .renderer = "string", .mapper = ExecutorMapper{}});
  CHECK(app.get("/a").body() == "fiber");
  CHECK(app.get("/b").body() == "executor");
}

TEST_CASE("an included function's patterns get the prefixes of all its includes") {
  TestApp app;
  const auto inner = [](Configurator& config) {
    config.add_route("inner", "/inner/{x}");
    config.add_view(view, {.route_name = "inner"});
  };
  app.config.include(
      [inner](Configurator& config) {
        config.add_route("outer", "");
        config.add_view(view, {.route_name = "outer"});
        config.include(inner, {.route_prefix = "/v1/"});
      },
      {.route_prefix = "api"});
  app.config.add_route("plain", "/plain");
  app.config.add_view(view, {.route_name = "plain"});
  CHECK(app.get("/api/v1/inner/5").body() == "view");
  CHECK(app.get("/api/").body() == "view");
  CHECK(app.get("/plain").body() == "view");
  CHECK(app.get("/inner/5").status_code() == 404);
}

TEST_CASE("who includes overrides a view of what it includes") {
  TestApp app;
  app.config.include([](Configurator& config) { config.add_view(view); });
  app.config.add_view(other_view);
  CHECK(app.get("/").body() == "other");
}

TEST_CASE("an add-on that is included again is carried out once") {
  static int calls = 0;
  calls = 0;
  const auto add_on = [](Configurator& config) {
    ++calls;
    config.add_route("x", "/x");
    config.add_view(view, {.route_name = "x"});
  };
  TestApp app;
  app.config.include(add_on, {.route_prefix = "/a"});
  app.config.include(add_on, {.route_prefix = "/b"});
  app.config.include([add_on](Configurator& config) { config.include(add_on); });
  CHECK(app.get("/a/x").body() == "view");
  CHECK(app.get("/b/x").status_code() == 404);
  CHECK(calls == 1);
}

TEST_CASE("add-ons may include each other") {
  struct AddOns {
    static void one(Configurator& config) {
      config.include(two);
      config.add_view(view, {.name = "one"});
    }
    static void two(Configurator& config) {
      config.include(&one);
      config.include(std::function<void(Configurator&)>(two));
      config.add_view(view, {.name = "two"});
    }
  };
  TestApp app;
  app.config.include(AddOns::one);
  app.config.include(AddOns::two);
  CHECK(app.get("/one").body() == "view");
  CHECK(app.get("/two").body() == "view");
}

TEST_CASE("what is included with values of its own is another each time") {
  const auto page = [](std::string name) {
    return [name](Configurator& config) { config.add_view(view, {.name = name}); };
  };
  TestApp app;
  app.config.include(page("a"));
  app.config.include(page("b"));
  app.config.include(std::function<void(Configurator&)>(page("c")));
  app.config.include(std::function<void(Configurator&)>(page("d")));
  for (const char* path : {"/a", "/b", "/c", "/d"}) CHECK(app.get(path).body() == "view");
}

TEST_CASE("settings reach the app, its includes and its requests") {
  TestApp app(Settings{{"a", "1"}, {"b", "1"}});
  app.config.add_settings({{"b", "2"}});
  app.config.include([](Configurator& config) { config.settings()["c"] = "3"; });
  app.config.add_view([](Request& request) {
    const Settings& settings = request.settings();
    return Response(settings.at("a") + settings.at("b") + settings.at("c"));
  });
  CHECK(app.get("/").body() == "123");
}

TEST_CASE("a renderer of the app's own serves its name and its extension") {
  class Shout final : public Renderer {
   public:
    std::string render(const Json& value, const RenderContext& system) const override {
      return value.get<std::string>() + "! " + std::string(system.renderer_name);
    }
    std::string_view content_type() const noexcept override { return "text/x-shout"; }
  };
  TestApp app;
  const auto hello = [](Request&) { return "hello"; };
  app.config.add_view(hello, {.renderer = "a.shout"});
  app.config.add_renderer(".shout",
                          [](const RendererInfo&) { return std::make_shared<const Shout>(); });
  const Response response = app.get("/");
  CHECK(response.body() == "hello! a.shout");
  CHECK(response.content_type() == "text/x-shout");
}

TEST_CASE("two tweens that nobody named are told apart") {
  TestApp app;
  const auto tween = [](Handler next, Registry&) { return next; };
  app.config.add_tween(tween);
  app.config.add_tween(tween);
  app.config.add_view(view);
  CHECK(app.get("/").body() == "view");
}

TEST_CASE("nothing can be added once the app is made") {
  TestApp app;
  app.handler = app.config.make_app();
  const auto error = configuration_error_of([&] { app.config.add_route("x", "/x"); });
  CHECK_THAT(error, Contains("make_app") && Contains(line(__LINE__ - 1)));
}

TEST_CASE("the setting tweens replaces the order that the tweens ask for") {
  const auto marking = [](const std::string& mark) {
    return [mark](Handler next, Registry&) -> Handler {
      return [mark, next](Request& request) {
        Response response = next(request);
        response.set_body(mark + response.take_body());
        return response;
      };
    };
  };
  TestApp app(Settings{{"pyramid.tweens", "a\nEXCVIEW b"}});
  app.config.add_tween(marking("a"), {.name = "a"});
  app.config.add_tween(marking("b"), {.name = "b"});
  app.config.add_tween(marking("c"), {.name = "c"});
  app.config.add_view(view);
  CHECK(app.get("/").body() == "abview");
}

TEST_CASE("the setting tweens may only name tweens that there are") {
  TestApp app(Settings{{"tweens", "EXCVIEW nobody"}});
  CHECK_THAT(configuration_error_of([&] { static_cast<void>(app.config.make_app()); }),
             Contains("'nobody'"));
}

TEST_CASE("with autocommit everything is carried out at once, and the later one counts") {
  TestApp app;
  app.config.set_autocommit();
  app.config.add_route("home", "/");
  app.config.add_view(view, {.route_name = "home"});
  app.config.add_view(other_view, {.route_name = "home"});
  CHECK(app.get("/").body() == "other");
}

TEST_CASE("with autocommit a view of a route that comes later is refused where it stands") {
  TestApp app;
  app.config.set_autocommit();
  const auto add_late = [&] { app.config.add_view(view, {.route_name = "late"}); };
  CHECK_THAT(configuration_error_of(add_late), Contains(line(__LINE__ - 1)) && Contains("'late'"));
}
