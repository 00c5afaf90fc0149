#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;
using Steps = std::vector<std::string>;

namespace {

struct FiberApp : TestApp {
  FiberApp() { config.set_view_mapper(FiberMapper{}); }
};

Response text(std::string body) { return Response(std::move(body)); }

}  // namespace

TEST_CASE("a matched route leads to its view, with the matchdict") {
  FiberApp app;
  app.config.add_route("user", "/user/{name}");
  app.config.add_view([](Request& r) { return text(r.matched_route() + r.matchdict()["name"]); },
                      {.route_name = "user"});
  CHECK(app.get("/user/ann").body() == "userann");
}

TEST_CASE("what no route and no view is for is not found, and says which path") {
  FiberApp app;
  app.config.add_route("home", "/");
  app.config.add_view([](Request&) { return text("home"); }, {.route_name = "home"});
  const Response response = app.get("/no<b>", {{"HTTP_ACCEPT", "text/html"}});
  CHECK(response.status_code() == 404);
  CHECK_THAT(response.body(), Contains("/no&lt;b&gt;"));
}

TEST_CASE("a route without a view is not found") {
  FiberApp app;
  app.config.add_route("home", "/");
  CHECK(app.get("/").status_code() == 404);
}

TEST_CASE("without a route the first segment is the view's name and the rest the subpath") {
  FiberApp app;
  app.config.add_view([](Request&) { return text("root"); });
  app.config.add_view(
      [](Request& r) { return text(r.view_name() + ":" + std::to_string(r.subpath().size())); },
      {.name = "edit"});
  CHECK(app.get("/").body() == "root");
  CHECK(app.get("/edit").body() == "edit:0");
  CHECK(app.get("/@@edit/a/b").body() == "edit:2");
  CHECK(app.get("/other").status_code() == 404);
}

TEST_CASE("a view without a route does not serve a matched route") {
  FiberApp app;
  app.config.add_route("home", "/");
  app.config.add_view([](Request&) { return text("root"); });
  CHECK(app.get("/").status_code() == 404);
}

TEST_CASE("views of one route are chosen by the request's method") {
  FiberApp app;
  app.config.add_route("form", "/form");
  app.config.add_view([](Request&) { return text("any"); }, {.route_name = "form"});
  app.config.add_view([](Request&) { return text("post"); },
                      {.route_name = "form", .request_method = "POST"});
  CHECK(app.request("POST", "/form").body() == "post");
  CHECK(app.get("/form").body() == "any");
}

TEST_CASE("a method that no view is for is not found, as in Pyramid") {
  FiberApp app;
  app.config.add_route("form", "/form");
  app.config.add_view([](Request&) { return text("post"); },
                      {.route_name = "form", .request_method = "POST"});
  CHECK(app.get("/form").status_code() == 404);
}

TEST_CASE("HEAD is answered by a view for GET, with its headers and without its body") {
  FiberApp app;
  app.config.add_view([](Request&) { return text("12345"); }, {.request_method = "GET"});
  const Response response = app.request("HEAD", "/");
  CHECK(response.status_code() == 200);
  CHECK(response.headers().get("Content-Length", "") == "5");
  CHECK_FALSE(response.has_body());
}

TEST_CASE("the next view is asked where a context does not fit the first") {
  struct Other : Resource {};
  FiberApp app;
  app.config.add_view([](Other&, Request&) { return text("other"); }, {.request_method = "GET"});
  app.config.add_view([](Request&) { return text("any"); });
  CHECK(app.get("/").body() == "any");
}

TEST_CASE("an HTTP exception becomes its response, its body by what the client accepts") {
  FiberApp app;
  app.config.add_view([](Request&) -> Response { throw HTTPForbidden("not <you>"); });
  const Response html = app.get("/", {{"HTTP_ACCEPT", "text/html"}});
  CHECK(html.status() == "403 Forbidden");
  CHECK_THAT(html.body(), Contains("not &lt;you&gt;"));
  const Response json = app.get("/", {{"HTTP_ACCEPT", "application/json"}});
  CHECK(Json::parse(json.body())["code"] == "403 Forbidden");
  CHECK(app.log.empty());
}

TEST_CASE("a path that cannot be decoded is a bad request") {
  FiberApp app;
  CHECK(app.get("/\xff").status_code() == 400);
  CHECK(app.log.empty());
}

TEST_CASE("an uncaught exception is logged once and the client is told nothing of it") {
  FiberApp app;
  app.config.add_route("home", "/{x}");
  app.config.add_view([](Request&) -> Response { throw std::out_of_range("secret\ndetail"); },
                      {.route_name = "home"});
  const Response response = app.get("/a");
  CHECK(response.status_code() == 500);
  CHECK_THAT(response.body(), !Contains("secret") && !Contains("out_of_range"));
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("'home'") && Contains("std::out_of_range: secret"));
  CHECK_THAT(app.log[0], !Contains("\n"));
}

TEST_CASE("an exception outside of a route is logged with the path") {
  FiberApp app;
  app.config.add_view([](Request&) -> Response { throw Error("boom"); });
  CHECK(app.get("/").status_code() == 500);
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("GET /") && Contains("boom"));
}

TEST_CASE("what the server has to know of passes through") {
  struct Stranger {};
  FiberApp app;
  app.config.add_view([](Request&) -> Response { throw ClientDisconnected("gone"); },
                      {.name = "gone"});
  app.config.add_view([](Request&) -> Response { throw CancelledError(); }, {.name = "cancelled"});
  app.config.add_view([](Request&) -> Response { throw Stranger(); }, {.name = "stranger"});
  CHECK_THROWS_AS(app.get("/gone"), ClientDisconnected);
  CHECK_THROWS_AS(app.get("/cancelled"), CancelledError);
  CHECK_THROWS_AS(app.get("/stranger"), Stranger);
  CHECK(app.log.empty());
}

TEST_CASE("tweens wrap the app in their order and may wait") {
  FiberApp app;
  Steps steps;
  const auto note = synchronize([&steps](std::string step) -> Task<> {
    co_await sleep(0.1);
    steps.push_back(std::move(step));
  });
  const auto logging = [note](const std::string& name) {
    return [note, name](Handler next, Registry&) -> Handler {
      return [note, name, next](Request& request) {
        note(name + " in");
        Response response = next(request);
        note(name + " out " + std::to_string(response.status_code()));
        return response;
      };
    };
  };
  app.config.add_tween(logging("t1"), {.name = "t1"});
  app.config.add_tween(logging("t2"), {.name = "t2"});
  app.config.add_tween(logging("t3"), {.name = "t3", .under = "EXCVIEW"});
  app.config.add_view([](Request&) { return text("x"); });
  app.get("/");
  CHECK(steps == Steps{"t2 in", "t1 in", "t3 in", "t3 out 200", "t1 out 200", "t2 out 200"});

  // An HTTP exception is an exception under EXCVIEW, and a response over it.
  steps.clear();
  app.get("/none");
  CHECK(steps == Steps{"t2 in", "t1 in", "t3 in", "t1 out 404", "t2 out 404"});
}

TEST_CASE("an HTTP exception that a tween throws becomes its response too") {
  FiberApp app;
  app.config.add_tween([](Handler, Registry&) -> Handler {
    return [](Request&) -> Response { throw HTTPServiceUnavailable(); };
  });
  CHECK(app.get("/").status_code() == 503);
}

TEST_CASE("response callbacks and then finished callbacks run with the response made") {
  FiberApp app;
  Steps steps;
  app.config.add_view([&steps](Request& request) {
    request.add_finished_callback([&steps](Request&) { steps.emplace_back("finished"); });
    request.add_response_callback([&steps](Request&, Response& response) {
      steps.emplace_back("response");
      response.headers().set("X-Callback", "1");
    });
    return text("x");
  });
  CHECK(app.get("/").headers().get("X-Callback", "") == "1");
  CHECK(steps == Steps{"response", "finished"});
}

TEST_CASE("an uncaught exception skips the response callbacks and not the finished ones") {
  for (const bool passes_through : {false, true}) {
    FiberApp app;
    Steps steps;
    app.config.add_view([&](Request& request) -> Response {
      request.add_finished_callback([&steps](Request&) { steps.emplace_back("finished"); });
      request.add_response_callback(
          [&steps](Request&, Response&) { steps.emplace_back("response"); });
      if (passes_through) throw CancelledError();
      throw Error("boom");
    });
    if (passes_through) {
      CHECK_THROWS_AS(app.get("/"), CancelledError);
    } else {
      CHECK(app.get("/").status_code() == 500);
    }
    CHECK(steps == Steps{"finished"});
  }
}

TEST_CASE("a finished callback that throws is logged and the response stands") {
  FiberApp app;
  app.config.add_view([](Request& request) {
    request.add_finished_callback([](Request&) { throw Error("late"); });
    return text("x");
  });
  CHECK(app.get("/").body() == "x");
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("late"));
}

TEST_CASE("a rendered response has the renderer's type and what the view set on the request's") {
  FiberApp app;
  app.config.add_view(
      [](Request& request) {
        request.response().set_status(201);
        request.response().set_cookie("a", "b");
        return Json{{"x", 1}};
      },
      {.name = "json", .renderer = "json"});
  app.config.add_view(
      [](Request& request) {
        request.response().set_content_type("application/problem+json");
        return Json{};
      },
      {.name = "typed", .renderer = "json"});
  const Response response = app.get("/json");
  CHECK(response.status_code() == 201);
  CHECK(response.content_type() == "application/json");
  CHECK(response.headers().contains("Set-Cookie"));
  CHECK(response.body() == R"({"x":1})");
  CHECK(app.get("/typed").content_type() == "application/problem+json");
}

TEST_CASE("each request is told its root, which lives as long as the request") {
  struct Root : Resource {
    explicit Root(int& n) : alive(n) { ++alive; }
    ~Root() override { --alive; }
    int& alive;
  };
  int alive = 0;
  FiberApp app;
  app.config.set_root_factory([&alive](Request&) { return std::make_shared<Root>(alive); });
  app.config.add_view([](Root& root, Request& request) {
    const bool same = request.root() == &root && request.context() == &root;
    return text(same ? std::to_string(root.alive) : "other");
  });
  CHECK(app.get("/").body() == "1");
  CHECK(alive == 0);
}

TEST_CASE("a root factory without a root is the app's error") {
  FiberApp app;
  app.config.set_root_factory([](Request&) { return nullptr; });
  CHECK(app.get("/").status_code() == 500);
  CHECK(app.log.size() == 1);
}
