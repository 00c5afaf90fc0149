#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/dispatch/rendering.h>
#include <aiopyr/runtime/web/dispatch/view_lookup.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

struct Animal : Resource {
  using Resource::Resource;
};
struct Pet {
  virtual ~Pet() = default;
  std::string owner = "ann";
};
struct Cat : Animal, Pet {};
struct Persian : Cat {};
struct Stone : Resource {};

/// An app whose root, and so the context of all requests, is a T.
template <class T>
struct AppWith : TestApp {
  AppWith() {
    config.set_view_mapper(FiberMapper{});
    config.set_root_factory([root = std::make_shared<T>()](Request&) { return root; });
  }
};

auto answer(std::string text) {
  return [text](Request&) { return Response(text); };
}

}  // namespace

TEST_CASE("a view for a base class serves derived contexts, and the most derived class wins") {
  const auto ask = [](auto app) {
    app->config.add_view([](Animal&, Request&) { return Response("animal"); });
    app->config.add_view([](Cat&, Request&) { return Response("cat"); });
    app->config.add_view(answer("any"));
    return app->get("/").body();
  };
  CHECK(ask(std::make_unique<AppWith<Animal>>()) == "animal");
  CHECK(ask(std::make_unique<AppWith<Cat>>()) == "cat");
  CHECK(ask(std::make_unique<AppWith<Persian>>()) == "cat");
  CHECK(ask(std::make_unique<AppWith<Stone>>()) == "any");
}

TEST_CASE("a mixin that is no resource is a class of contexts too") {
  const auto ask = [](auto app) {
    app->config.add_view([](Pet& pet, Request&) { return Response(pet.owner); });
    return app->get("/");
  };
  CHECK(ask(std::make_unique<AppWith<Persian>>()).body() == "ann");
  CHECK(ask(std::make_unique<AppWith<Stone>>()).status_code() == 404);
}

TEST_CASE("a registration names its context's class where the signature does not") {
  AppWith<Cat> app;
  app.config.add_view(answer("cat"), {.context = context_type<Cat>()});
  app.config.add_view(answer("any"));
  CHECK(app.get("/").body() == "cat");
}

TEST_CASE("registrations for different classes do not conflict, for the same one they do") {
  AppWith<Cat> app;
  app.config.add_view(answer("1"), {.context = context_type<Cat>()});
  app.config.add_view(answer("2"), {.context = context_type<Animal>()});
  app.config.add_view([](Cat&, Request&) { return Response("3"); });
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }),
             Contains("Cat") && Contains("view_lookup_test.cc"));
}

TEST_CASE("a mismatch of the predicates of a derived class's view leaves it to its base's") {
  AppWith<Cat> app;
  app.config.add_view(answer("cat"), {.context = context_type<Cat>(), .request_method = "POST"});
  app.config.add_view(answer("animal"), {.context = context_type<Animal>()});
  CHECK(app.get("/").body() == "animal");
  CHECK(app.request("POST", "/").body() == "cat");
}

TEST_CASE("of two views that match, the one that asks for more is called") {
  AppWith<Stone> app;
  app.config.add_view(answer("get"), {.request_method = "GET"});
  app.config.add_view(answer("xhr"), {.xhr = true});
  app.config.add_view(answer("both"), {.request_method = "GET", .xhr = true});
  app.config.add_view(answer("param"), {.request_param = "a"});
  CHECK(app.get("/").body() == "get");
  CHECK(app.get("/", {{"HTTP_X_REQUESTED_WITH", "XMLHttpRequest"}}).body() == "both");
  CHECK(app.get("/", {{"QUERY_STRING", "a=1"}}).body() == "param");
}

TEST_CASE("a predicate may be refused with not_") {
  AppWith<Stone> app;
  app.config.add_view(answer("not post"), {.request_method = not_("POST")});
  CHECK(app.request("PUT", "/").body() == "not post");
  CHECK(app.request("POST", "/").status_code() == 404);
}

TEST_CASE("views that offer media types are chosen by what the client prefers") {
  AppWith<Stone> app;
  app.config.add_view(answer("json"), {.accept = "application/json"});
  app.config.add_view(answer("html"), {.accept = "text/html"});
  app.config.add_view(answer("any"));
  const auto accepting = [&](const char* header) {
    return app.get("/", {{"HTTP_ACCEPT", header}}).body();
  };
  CHECK(accepting("application/json") == "json");
  CHECK(accepting("text/html;q=0.2, application/json;q=0.8") == "json");
  CHECK(accepting("text/html, application/json;q=0.8") == "html");
  CHECK(accepting("image/png") == "any");
  // Without a preference of the client, Pyramid's own order: html first.
  CHECK(accepting("*/*") == "html");
  CHECK(app.get("/").body() == "html");
}

TEST_CASE("containment asks for a class on the way to the root") {
  const auto ask = [](auto app) {
    app->config.add_view([](Request&) { return Response(); },
                         {.name = "where", .containment = context_type<Cat>()});
    return app->get("/where").status_code();
  };
  CHECK(ask(std::make_unique<AppWith<Persian>>()) == 200);
  CHECK(ask(std::make_unique<AppWith<Stone>>()) == 404);
}

TEST_CASE("views without a route serve it where it asks for them, behind its own") {
  AppWith<Stone> app;
  app.config.add_route("closed", "/closed");
  app.config.add_route("open", "/open", {.use_global_views = true});
  app.config.add_view(answer("global"));
  app.config.add_view(answer("own"), {.route_name = "closed", .request_method = "POST"});
  app.config.add_view(answer("own"), {.route_name = "open", .request_method = "POST"});
  CHECK(app.get("/closed").status_code() == 404);
  CHECK(app.get("/open").body() == "global");
  CHECK(app.request("POST", "/open").body() == "own");
}

TEST_CASE("a view's answer can be had from within a request") {
  AppWith<Stone> app;
  app.config.add_view(answer("inner"), {.name = "inner"});
  app.config.add_view([](Request& request) {
    const auto inner = render_view(request.context(), request, "inner");
    const auto none = render_view(request.context(), request, "none");
    return Response("<" + inner.value_or("-") + none.value_or("-") + ">");
  });
  CHECK(app.get("/").body() == "<inner->");
}

TEST_CASE("a value can be rendered by hand, with the headers of the request's response") {
  AppWith<Stone> app;
  app.config.add_view([](Request& request) {
    request.response().headers().set("X-Mine", render("json", Json{1}, request));
    return render_to_response("json", Json{{"a", 1}}, request);
  });
  const Response response = app.get("/");
  CHECK(response.body() == R"({"a":1})");
  CHECK(response.content_type() == "application/json");
  CHECK(response.headers().get("X-Mine", "") == "[1]");
}

TEST_CASE("a wrapper view answers in the place of the view that it wraps") {
  AppWith<Stone> app;
  app.config.add_view(answer("inner"), {.name = "inner", .wrapper = "frame"});
  app.config.add_view(
      [](Request& request) { return Response("[" + request.wrapped_response()->body() + "]"); },
      {.name = "frame"});
  CHECK(app.get("/inner").body() == "[inner]");
}

TEST_CASE("the wrapper of a route's view is a view without a route") {
  AppWith<Stone> app;
  const auto frame = [](std::string mark) {
    return [mark](Request& request) {
      return Response(mark + request.wrapped_response()->body() + mark);
    };
  };
  app.config.add_route("r", "/r");
  app.config.add_view(answer("inner"), {.route_name = "r", .wrapper = "frame"});
  app.config.add_view(frame("|"), {.name = "frame"});
  app.config.add_view(frame("!"), {.route_name = "r", .name = "frame"});
  CHECK(app.get("/r").body() == "|inner|");
}

TEST_CASE("a wrapper that does not exist is found at the start, with its place") {
  AppWith<Stone> app;
  app.config.add_route("r", "/r");
  app.config.add_view(answer("x"), {.route_name = "r", .name = "frame"});
  app.config.add_view(answer("inner"), {.route_name = "r", .wrapper = "frame"});
  CHECK_THAT(configuration_error_of([&] { static_cast<void>(app.config.make_app()); }),
             Contains("'frame'") && Contains("view_lookup_test.cc"));
}

TEST_CASE(
    "a wrapper may be added after the view, and one for another class is missed when called") {
  AppWith<Stone> app;
  app.config.set_autocommit();
  app.config.add_view(answer("inner"), {.name = "inner", .wrapper = "frame"});
  app.config.add_view([](Cat&, Request&) { return Response("cat"); }, {.name = "frame"});
  CHECK(app.get("/inner").status_code() == 500);
}

TEST_CASE("what is rendered within a wrapper that renders keeps its status and headers") {
  AppWith<Stone> app;
  const auto inner = [](Request& request) {
    request.response().set_status(202);
    request.response().headers().set("X-Inner", "1");
    return Json{{"a", 1}};
  };
  const auto plain = [](Request&) {
    Response response("inner", 201);
    response.headers().set("X-Inner", "1");
    return response;
  };
  const auto frame = [](Request& request) {
    return "<" + request.wrapped_response()->body() + ">";
  };
  app.config.add_view(inner, {.name = "rendered",
                              .renderer = "json",
                              .http_cache = std::chrono::seconds(60),
                              .wrapper = "frame"});
  app.config.add_view(plain, {.name = "response", .wrapper = "frame"});
  app.config.add_view(inner, {.name = "own", .renderer = "json", .wrapper = "own_frame"});
  app.config.add_view(frame, {.name = "frame", .renderer = "string"});
  app.config.add_view([](Request&) { return Response("own"); }, {.name = "own_frame"});
  const Response rendered = app.get("/rendered");
  CHECK(rendered.status_code() == 202);
  CHECK(rendered.headers().get("X-Inner", "") == "1");
  CHECK(rendered.headers().get("Cache-Control", "") == "max-age=60");
  CHECK(rendered.content_type() == "application/json");
  CHECK(rendered.body() == R"(<{"a":1}>)");
  // As in Pyramid a Response of a view is its own, and so is the wrapper's.
  const Response response = app.get("/response");
  CHECK(response.status_code() == 200);
  CHECK_FALSE(response.headers().contains("X-Inner"));
  CHECK(response.body() == "<inner>");
  CHECK(app.get("/own").status_code() == 200);
}

TEST_CASE("of views that offer one type the client's parameters choose") {
  AppWith<Stone> app;
  app.config.add_view(answer("plain"), {.accept = "application/json"});
  app.config.add_view(answer("v1"), {.accept = "application/json;v=1"});
  app.config.add_view(answer("v2"), {.accept = "Application/JSON; v=2"});
  const auto accepting = [&](const char* header) {
    return app.get("/", {{"HTTP_ACCEPT", header}}).body();
  };
  CHECK(accepting("application/json;v=1") == "v1");
  CHECK(accepting("application/json; V=2") == "v2");
  CHECK(accepting("application/json;v=1;q=0.1, application/json;v=2;q=0.2") == "v2");
  CHECK(app.get("/", {{"HTTP_ACCEPT", "application/json;v=3"}}).status_code() == 404);
  CHECK(accepting("application/json") == "v1");
  CHECK(accepting("*/*") == "v1");
  CHECK(accepting("application/json;v=1;q=0, application/json;v=2;q=0, */*") == "plain");
}

TEST_CASE("predicates of the app's own may be added after the views that use them") {
  AppWith<Stone> app;
  app.config.add_view(answer("sunny"), {.predicates = {{"weather", "sun"}}});
  app.config.add_view(answer("dull"), {.predicates = {{"weather", not_("sun")}}});
  app.config.add_view_predicate("weather", [](const StringList& value) {
    return Predicate{"weather " + value.values().at(0),
                     [wanted = value.values().at(0)](const Resource*, Request& request) {
                       return request.header("X-Weather") == wanted;
                     }};
  });
  CHECK(app.get("/", {{"HTTP_X_WEATHER", "sun"}}).body() == "sunny");
  CHECK(app.get("/").body() == "dull");
}

TEST_CASE("an unknown predicate stops the start with its place") {
  AppWith<Stone> app;
  app.config.add_view(answer("x"), {.predicates = {{"wether", "sun"}}});
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }),
             Contains("'wether'") && Contains("view_lookup_test.cc"));
}
