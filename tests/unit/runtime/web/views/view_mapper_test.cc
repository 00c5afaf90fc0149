#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace view_mapper_test {

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

std::string here() { return std::string(to_string(current_context())); }

Task<std::string> coroutine_view(Request&) {
  co_await sleep(0.1);
  co_return here();
}
std::string plain_view(Request&) { return here(); }

template <class F>
std::string where_runs(F view, MapperRef mapper) {
  TestApp app;
  app.config.add_view(view, {.renderer = "string", .mapper = std::move(mapper)});
  return app.get("/").body();
}

template <class F>
std::string refusal(F view, MapperRef mapper) {
  TestApp app;
  app.config.add_view(view, {.renderer = "string", .mapper = std::move(mapper)});
  return configuration_error_of([&] { app.config.commit(); });
}

}  // namespace

TEST_CASE("the default mapper runs coroutines on the loop and plain views in the executor") {
  CHECK(where_runs(coroutine_view, {}) == "loop");
  CHECK(where_runs(plain_view, {}) == "executor");
}

TEST_CASE("each mapper runs the views that it serves where it says") {
  CHECK(where_runs(coroutine_view, CoroutineMapper{}) == "loop");
  CHECK(where_runs(plain_view, ExecutorMapper{}) == "executor");
  CHECK(where_runs(plain_view, FiberMapper{}) == "fiber");
}

TEST_CASE("a mapper refuses a view of the other kind by its name") {
  CHECK_THAT(refusal(plain_view, CoroutineMapper{}),
             Contains("Non-coroutine ") && Contains(" mapped to coroutine."));
  CHECK_THAT(refusal(coroutine_view, ExecutorMapper{}),
             Contains("Coroutine ") && Contains(" mapped to executor."));
  CHECK_THAT(refusal(coroutine_view, FiberMapper{}),
             Contains("Coroutine ") && Contains(" mapped to fiber."));
}

TEST_CASE("a view of another layer needs that layer's mapper") {
  for (const MapperRef& mapper :
       {MapperRef(CoroutineOrExecutorMapper{}), MapperRef(CoroutineMapper{}),
        MapperRef(ExecutorMapper{}), MapperRef(FiberMapper{})}) {
    ViewCallable view;
    view.name = "stranger";
    CHECK_THAT(configuration_error_of([&] { static_cast<void>(mapper->map(view)); }),
               Contains("stranger") && Contains(mapper->name()));
  }
}

TEST_CASE("a view on the fiber may call synchronized functions") {
  const auto nap = synchronize([](int value) -> Task<int> {
    co_await sleep(0.05);
    co_return value;
  });
  TestApp app;
  app.config.add_view([nap](Request&) { return nap(7); },
                      {.renderer = "json", .mapper = FiberMapper{}});
  CHECK(app.get("/").body() == "7");
}

TEST_CASE("the form is read on the fiber before a view of any mapper begins") {
  class WatchedEnviron : public MapEnviron {
   public:
    using MapEnviron::MapEnviron;
    std::string_view read_body(std::size_t limit) override {
      read_at = here();
      return MapEnviron::read_body(limit);
    }
    std::string read_at;
  };
  const auto view = [](Request& request) { return request.POST()["a"]; };
  const auto coroutine = [](Request& request) -> Task<std::string> {
    co_return request.POST()["a"];
  };
  TestApp app;
  app.config.add_view(view, {.name = "plain", .renderer = "string"});
  app.config.add_view(view, {.name = "fiber", .renderer = "string", .mapper = FiberMapper{}});
  app.config.add_view(coroutine, {.name = "coroutine", .renderer = "string"});
  for (const std::string path : {"/plain", "/fiber", "/coroutine"}) {
    WatchedEnviron variables({{"REQUEST_METHOD", "POST"},
                              {"PATH_INFO", path},
                              {"CONTENT_TYPE", "application/x-www-form-urlencoded"}},
                             "a=1");
    CHECK(app.send(variables).body() == "1");
    CHECK(variables.read_at == "fiber");
  }
}

TEST_CASE("nothing is parsed before a view that asks for nothing, whatever its mapper") {
  TestApp app;
  app.config.add_view([](Request&) { return Response("plain"); }, {.name = "plain"});
  app.config.add_view([](Request&) { return Response("fiber"); },
                      {.name = "fiber", .mapper = FiberMapper{}});
  app.config.add_view([](Request&) -> Task<Response> { co_return Response("coroutine"); },
                      {.name = "coroutine"});
  app.config.add_view([](Request& request) { return Response(request.params().get("a", "none")); },
                      {.name = "asks"});
  for (const std::string name : {"plain", "fiber", "coroutine"}) {
    CHECK(app.request("POST", "/" + name, {}, "\xff").body() == name);
    CHECK(app.request("POST", "/" + name, {}, std::string(2000, '&') + "a&b").body() == name);
    CHECK(app.request("POST", "/" + name, {{"CONTENT_TYPE", "multipart/form-data; boundary=B"}},
                      "--B\r\n")
              .body() == name);
    CHECK(app.get("/" + name, {{"QUERY_STRING", "q=caf%E9"}}).body() == name);
  }
  CHECK(app.request("POST", "/asks", {}, "\xff").status_code() == 400);
  CHECK(app.get("/asks", {{"QUERY_STRING", "q=caf%E9"}}).status_code() == 400);
}

TEST_CASE("what a view throws arrives on the fiber from the loop and from the executor") {
  TestApp app;
  app.config.add_view(
      [](Request&) -> Task<Response> {
        throw HTTPForbidden();
        co_return Response();
      },
      {.name = "coroutine"});
  app.config.add_view([](Request&) -> Response { throw HTTPConflict(); }, {.name = "plain"});
  CHECK(app.get("/coroutine").status_code() == 403);
  CHECK(app.get("/plain").status_code() == 409);
}

TEST_CASE("a client that waits to be asked for its body is asked by a view on the fiber itself") {
  const auto reads = [](const MapperRef& mapper, bool expects) {
    TestApp app;
    app.config.add_view([](Request&) { return Response("x"); }, {.mapper = mapper});
    MapEnviron::Variables variables{{"CONTENT_LENGTH", "4"}, {"REQUEST_METHOD", "POST"}};
    if (expects) variables["HTTP_EXPECT"] = "100-Continue";
    MapEnviron environ(std::move(variables), "body");
    CHECK(app.send(environ).status_code() == 200);
    return environ.reads;
  };
  CHECK(reads(FiberMapper{}, true) == 0);
  CHECK(reads(FiberMapper{}, false) == 1);
  CHECK(reads(ExecutorMapper{}, true) == 1);
}

TEST_CASE("a view may refuse a body before it is read, behind its permission") {
  for (const MapperRef& mapper :
       {MapperRef(CoroutineOrExecutorMapper{}), MapperRef(FiberMapper{})}) {
    TestApp app;
    std::vector<std::string> events;
    const ViewDecorator decorator = [&events](ViewFunction view) -> ViewFunction {
      return [&events, view](Resource* context, Request& request) {
        events.emplace_back("decorator");
        return view(context, request);
      };
    };
    app.config.add_view(
        [&events](Request& request) {
          events.emplace_back("view " + std::string(request.body()));
          return Response("x");
        },
        {.decorators = {decorator}, .mapper = mapper, .before_body = [&events](Request& request) {
           events.emplace_back("before");
           if (request.content_length() > 4) throw HTTPRequestEntityTooLarge("no more than 4");
         }});
    for (const std::string body : {"large", "tiny"}) {
      events.clear();
      MapEnviron environ(
          {{"CONTENT_LENGTH", std::to_string(body.size())}, {"REQUEST_METHOD", "POST"}}, body);
      const bool is_refused = body == "large";
      CHECK(app.send(environ).status_code() == (is_refused ? 413 : 200));
      CHECK(environ.reads == (is_refused ? 0 : 1));
      std::vector<std::string> wanted{"decorator", "before"};
      if (!is_refused) wanted.emplace_back("view tiny");
      CHECK(events == wanted);
    }
  }
}

TEST_CASE("a cancelled request destroys its coroutine view, which waits, at once") {
  struct Guard {
    bool& gone;
    ~Guard() { gone = true; }
  };
  bool gone = false;
  TestApp app;
  app.config.add_view([&gone](Request&) -> Task<Response> {
    const Guard guard{gone};
    co_await sleep(3600);
    co_return Response();
  });
  app.handler = app.config.make_app();
  MapEnviron variables(MapEnviron::Variables{{"PATH_INFO", "/"}});
  bool cancelled = false;
  Fiber& fiber = Fiber::start(app.loop, [&] {
    Request request(variables, app.config.registry());
    try {
      app.handler(request);
    } catch (const CancelledError&) {
      cancelled = true;
    }
  });
  CHECK_FALSE(gone);
  fiber.cancel();
  CHECK(gone);
  CHECK(cancelled);
}

}  // namespace view_mapper_test
