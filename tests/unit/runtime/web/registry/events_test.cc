#include <fstream>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Steps = std::vector<std::string>;

TEST_CASE("a request's events come in Pyramid's order") {
  TestApp app;
  Steps steps;
  app.config.set_view_mapper(FiberMapper{});
  app.config.add_route("r", "/{x}");
  app.config.add_view(
      [&](Request& request) {
        steps.emplace_back("view");
        request.add_response_callback(
            [&](Request&, Response&) { steps.emplace_back("response callback"); });
        request.add_finished_callback([&](Request&) { steps.emplace_back("finished callback"); });
        return Response();
      },
      {.route_name = "r"});
  app.config.set_root_factory([&](Request&) {
    steps.emplace_back("root factory");
    return std::make_shared<Resource>();
  });
  app.config.add_tween([&](Handler next, Registry&) -> Handler {
    return [next, &steps](Request& request) {
      steps.emplace_back("tween");
      return next(request);
    };
  });
  app.config.add_subscriber([&](const NewRequest& event) {
    steps.push_back("NewRequest " + event.request.matched_route());
  });
  app.config.add_subscriber([&](const BeforeTraversal& event) {
    steps.push_back("BeforeTraversal " + event.request.matched_route());
  });
  app.config.add_subscriber([&](const ContextFound& event) {
    steps.emplace_back(event.request.context() != nullptr ? "ContextFound" : "no context");
  });
  app.config.add_subscriber([&](const NewResponse& event) {
    steps.push_back("NewResponse " + std::to_string(event.response.status_code()));
  });
  app.config.add_subscriber(
      [&](const ApplicationCreated&) { steps.emplace_back("ApplicationCreated"); });
  app.get("/a");
  CHECK(steps == Steps{"ApplicationCreated", "tween", "NewRequest ", "BeforeTraversal r",
                       "root factory", "ContextFound", "view", "response callback",
                       "NewResponse 200", "finished callback"});
}

TEST_CASE("an uncaught exception is followed by no NewResponse, a handled one is") {
  TestApp app;
  int responses = 0;
  app.config.add_view([](Request&) -> Response { throw std::runtime_error("x"); }, {.name = "a"});
  app.config.add_view([](Request&) -> Response { throw HTTPForbidden(); }, {.name = "b"});
  app.config.add_subscriber([&](const NewResponse&) { ++responses; });
  app.get("/a");
  CHECK(responses == 0);
  app.get("/b");
  CHECK(responses == 1);
}

TEST_CASE("subscribers are called in their order, may wait, and may end the request") {
  TestApp app;
  Steps steps;
  const auto note = synchronize([&steps](std::string step) -> Task<> {
    co_await sleep(0.1);
    steps.push_back(std::move(step));
  });
  app.config.add_subscriber([note](const NewRequest&) { note("first"); });
  app.config.add_subscriber([note](const NewRequest&) { note("second"); });
  app.config.add_subscriber([](const ContextFound&) { throw HTTPServiceUnavailable(); });
  CHECK(app.get("/").status_code() == 503);
  CHECK(steps == Steps{"first", "second"});
}

TEST_CASE("a subscriber gives templates values that the view's own outdo") {
  TemporaryFolder folder;
  std::ofstream(folder.path() / "page.html") << "{{site}} {{title}}";
  TestApp app(Settings{{"app_folder", folder.path()}});
  app.config.add_view(
      [](Request&) {
        return Json{{"title", "own title"}};
      },
      {.renderer = "page.html"});
  app.config.add_subscriber([](const BeforeRender& event) {
    event.system["site"] = "Site";
    event.system["title"] = "nobody's";
  });
  CHECK(app.get("/").body() == "Site own title");
}

TEST_CASE("an app has events of its own") {
  struct Ordered {
    int number;
  };
  TestApp app;
  int seen = 0;
  app.config.add_subscriber([&](const Ordered& event) { seen = event.number; });
  app.config.add_view([](Request& request) {
    request.registry().subscribers.notify(Ordered{7});
    return Response();
  });
  app.get("/");
  CHECK(seen == 7);
}

TEST_CASE("a property of the app's own is asked each time, or once if it is to be kept") {
  TestApp app;
  int asked = 0;
  const auto count = [&asked](Request&) { return ++asked; };
  app.config.add_request_method("fresh", count);
  app.config.add_request_method("kept", count, {.reify = true});
  app.config.add_view([](Request& request) {
    std::string text;
    for (const char* name : {"fresh", "fresh", "kept", "kept"}) {
      text += std::to_string(request.property<int>(name));
    }
    return Response(text);
  });
  CHECK(app.get("/").body() == "1233");
}

TEST_CASE("a property that is none, or of another type, says so") {
  TestApp app;
  app.config.add_request_method("answer", [](Request&) { return 42; });
  app.config.add_view(
      [](Request& request) { return Response(std::to_string(request.property<int>("anser"))); });
  app.config.add_view(
      [](Request& request) { return Response(request.property<std::string>("answer")); },
      {.name = "type"});
  app.get("/");
  app.get("/type");
  REQUIRE(app.log.size() == 2);
  CHECK_THAT(app.log[0], Catch::Contains("'anser'"));
  CHECK_THAT(app.log[1], Catch::Contains("int") && Catch::Contains("std::string"));
}
