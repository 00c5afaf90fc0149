#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/subrequest.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

using Events = std::vector<std::string>;

/// An app whose view / calls /inner of the same app, and returns its answer.
struct Nested : TestApp {
  explicit Nested(bool use_tweens) {
    config.set_view_mapper(FiberMapper{});
    config.add_route("outer", "/");
    config.add_route("inner", "/inner");
    config.add_view(
        [this, use_tweens](Request& request) {
          BlankRequest sub(target, {}, request.registry());
          sub.add_response_callback(
              [this](Request&, Response&) { events.emplace_back("response callback"); });
          sub.add_finished_callback([this](Request&) { events.emplace_back("finished callback"); });
          return invoke_subrequest(sub, use_tweens);
        },
        {.route_name = "outer"});
    config.add_view([](Request& request) { return Response("inner of " + request.path()); },
                    {.route_name = "inner"});
    config.add_subscriber([this](const NewRequest& event) {
      events.push_back("new request " + event.request.path());
    });
    config.add_subscriber([this](const NewResponse& event) {
      events.push_back("new response " + event.request.path());
    });
    config.add_tween(
        [this](Handler next, Registry&) {
          return [this, next = std::move(next)](Request& request) {
            events.push_back("tween " + request.path());
            return next(request);
          };
        },
        {.name = "noting"});
  }

  std::string target = "/inner";
  Events events;
};

}  // namespace

TEST_CASE("a subrequest has its own callbacks and events, and no tweens") {
  Nested app(false);
  CHECK(app.get("/").body() == "inner of /inner");
  CHECK(app.events == Events{"tween /", "new request /", "new request /inner", "response callback",
                             "new response /inner", "finished callback", "new response /"});
}

TEST_CASE("a subrequest goes through the tweens where it is told to") {
  Nested app(true);
  CHECK(app.get("/").body() == "inner of /inner");
  CHECK(app.events[2] == "tween /inner");
}

TEST_CASE("what a subrequest throws goes on to its caller, after the finished callbacks") {
  Nested app(false);
  app.target = "/nowhere";
  CHECK(app.get("/").status_code() == 404);
  CHECK(app.events == Events{"tween /", "new request /", "new request /nowhere",
                             "finished callback", "new response /"});
}

TEST_CASE("with tweens an exception view answers the subrequest") {
  Nested app(true);
  app.target = "/nowhere";
  CHECK(app.get("/").status_code() == 404);
  CHECK(std::count(app.events.begin(), app.events.end(), "response callback") == 1);
}

TEST_CASE("a coroutine view awaits a subrequest on a fiber of its own") {
  TestApp app;
  app.config.add_route("outer", "/");
  app.config.add_route("inner", "/inner");
  app.config.add_view(
      [](Request& request) -> Task<std::string> {
        BlankRequest sub("/inner", {}, request.registry());
        auto asking = spawn_fiber([&sub] { return invoke_subrequest(sub); });
        const Response inner = co_await std::move(asking);
        co_return "<" + inner.body() + ">";
      },
      {.route_name = "outer", .renderer = "string"});
  app.config.add_view([](Request&) -> Task<Response> { co_return Response("inner"); },
                      {.route_name = "inner"});
  CHECK(app.get("/").body() == "<inner>");
}

TEST_CASE("a request without an app is no subrequest") {
  TestLoop loop;
  BlankRequest request("/");
  CHECK_THROWS_WITH(invoke_subrequest(request), Contains("request.registry()"));
}

TEST_CASE("the app's registry goes with the app") {
  std::weak_ptr<Registry> kept;
  {
    const auto registry = std::make_shared<Registry>();
    kept = registry;
    const Handler handler = Configurator(registry).make_app();
  }
  CHECK(kept.expired());
}
