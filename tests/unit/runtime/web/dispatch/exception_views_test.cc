#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

struct DatabaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct DeadlockError : DatabaseError {
  using DatabaseError::DatabaseError;
};

/// An app with views that throw: `/deadlock`, `/database`, `/logic`, `/forbidden`.
struct ThrowingApp : TestApp {
  ThrowingApp() {
    config.set_view_mapper(FiberMapper{});
    throwing<DeadlockError>("deadlock");
    throwing<DatabaseError>("database");
    throwing<std::logic_error>("logic");
    throwing<HTTPForbidden>("forbidden");
  }

  template <class E>
  void throwing(const std::string& name) {
    config.add_view(
        [name](Request& request) -> Response {
          request.response().headers().set("X-Spoilt", "1");
          throw E(name);
        },
        {.name = name});
  }
};

/// An environ like a server's: a body that was too long is not read twice.
struct LongBody : MapEnviron {
  LongBody() : MapEnviron({{"REQUEST_METHOD", "POST"}, {"PATH_INFO", "/"}}, "body") {}
  std::string_view read_body(std::size_t) override {
    if (++reads > 1) throw ClientDisconnected("the request's body could not be read before");
    throw HTTPRequestEntityTooLarge();
  }
};

}  // namespace

TEST_CASE("an exception view answers a request whose body could not be read") {
  TestApp app;
  app.config.add_view([](Request&) { return Response("view"); });
  app.config.add_exception_view([](const HttpException& error, Request& request) {
    CHECK_THROWS_AS(request.body(), HTTPRequestEntityTooLarge);
    return Response("sorry", error.code());
  });
  LongBody body;
  CHECK(app.send(body).status_code() == 413);
  CHECK(body.reads == 1);
}

TEST_CASE("the exception view for the most derived class answers") {
  ThrowingApp app;
  app.config.add_exception_view([](const DatabaseError& error, Request&) {
    return Response(std::string("database: ") + error.what(), 503);
  });
  app.config.add_exception_view([](const DeadlockError&, Request&) { return Response("again"); });
  CHECK(app.get("/deadlock").body() == "again");
  CHECK(app.get("/database").body() == "database: database");
  CHECK(app.get("/database").status_code() == 503);
  CHECK(app.log.empty());
  CHECK(app.get("/logic").status_code() == 500);
  CHECK(app.log.size() == 1);
}

TEST_CASE("an exception view without a class takes what is no HTTP exception") {
  ThrowingApp app;
  app.config.add_exception_view([](Request&) { return Response("sorry", 500); });
  CHECK(app.get("/logic").body() == "sorry");
  CHECK(app.get("/forbidden").status_code() == 403);
}

TEST_CASE("a view for HttpException takes all of them") {
  ThrowingApp app;
  app.config.add_exception_view([](const HttpException& error, Request&) {
    return Response("code " + std::to_string(error.code()), error.code());
  });
  CHECK(app.get("/forbidden").body() == "code 403");
  CHECK(app.get("/nowhere").body() == "code 404");
}

TEST_CASE("an exception view may be a coroutine, rendered, and with predicates") {
  ThrowingApp app;
  app.config.add_exception_view(
      [](const DatabaseError& error, Request& request) -> Task<Json> {
        co_await sleep(0.1);
        request.response().set_status(503);
        co_return Json{{"error", error.what()}};
      },
      {.renderer = "json", .accept = "application/json", .mapper = CoroutineMapper{}});
  const Response response = app.get("/database", {{"HTTP_ACCEPT", "application/json"}});
  CHECK(response.status_code() == 503);
  CHECK(response.body() == R"({"error":"database"})");
  CHECK_FALSE(response.headers().contains("X-Spoilt"));
  CHECK(app.get("/database", {{"HTTP_ACCEPT", "text/html"}}).status_code() == 500);
}

TEST_CASE("the exception is the request's while it is handled and afterwards, unless nobody does") {
  ThrowingApp app;
  bool was_set = false;
  app.config.add_tween([&was_set](Handler next, Registry&) -> Handler {
    return [next, &was_set](Request& request) {
      try {
        Response response = next(request);
        was_set = request.exception() != nullptr;
        return response;
      } catch (const std::exception&) {
        was_set = request.exception() != nullptr;
        throw;
      }
    };
  });
  app.config.add_exception_view([](const DatabaseError&, Request& request) {
    return Response(request.exception() ? "set" : "not set");
  });
  CHECK(app.get("/database").body() == "set");
  CHECK(was_set);
  app.get("/logic");
  CHECK_FALSE(was_set);
}

TEST_CASE("an HTTP exception that is returned is a response, and no exception view's business") {
  ThrowingApp app;
  app.config.add_view([](Request&) { return HTTPNotFound("mine"); }, {.name = "returned"});
  app.config.add_notfound_view([](Request&) { return HTTPNotFound("nowhere"); });
  const MapEnviron::Variables json{{"HTTP_ACCEPT", "application/json"}};
  CHECK_THAT(app.get("/returned", json).body(), Contains("mine"));
  CHECK_THAT(app.get("/x", json).body(), Contains("nowhere"));
}

TEST_CASE("response callbacks run for a redirection that a forbidden view returns") {
  ThrowingApp app;
  app.config.add_forbidden_view([](Request& request) {
    request.add_response_callback(
        [](Request&, Response& response) { response.set_cookie("session", "flash"); });
    return HTTPFound("/login");
  });
  const Response response = app.get("/forbidden");
  CHECK(response.status_code() == 302);
  CHECK(response.headers().contains("Set-Cookie"));
}

TEST_CASE("an exception view of a route is asked before the others, and only for it") {
  ThrowingApp app;
  app.config.add_route("r", "/r");
  app.config.add_view([](Request&) -> Response { throw DatabaseError("r"); }, {.route_name = "r"});
  app.config.add_exception_view([](const DatabaseError&, Request&) { return Response("route's"); },
                                {.route_name = "r"});
  app.config.add_exception_view([](const std::exception&, Request&) { return Response("all's"); });
  CHECK(app.get("/r").body() == "route's");
  CHECK(app.get("/database").body() == "all's");
}

TEST_CASE("an exception view that finds nothing leaves the exception as it was") {
  ThrowingApp app;
  app.config.add_exception_view(
      [](const DatabaseError&, Request&) -> Response { throw HTTPNotFound(); });
  CHECK(app.get("/database").status_code() == 500);
  REQUIRE(app.log.size() == 1);
  CHECK_THAT(app.log[0], Contains("DatabaseError"));
}

TEST_CASE("a notfound view is for what leads nowhere and for what views do not find") {
  ThrowingApp app;
  app.config.add_view([](Request&) -> Response { throw HTTPNotFound("no page"); },
                      {.name = "page"});
  app.config.add_view([](Request&) { return Response(); },
                      {.name = "post", .request_method = "POST"});
  app.config.add_notfound_view([](const HTTPNotFound& error, Request&) {
    return Response("nothing: " + error.detail(), 404);
  });
  CHECK(app.get("/nowhere").body() == "nothing: /nowhere");
  CHECK(app.get("/page").body() == "nothing: no page");
  CHECK(app.get("/post").status_code() == 404);
  CHECK_THAT(app.get("/post").body(), Contains("nothing"));
}

TEST_CASE("a forbidden view is for what is not allowed") {
  ThrowingApp app;
  app.config.add_forbidden_view([](Request&) { return Response("go and log in", 403); });
  CHECK(app.get("/forbidden").body() == "go and log in");
  CHECK(app.get("/nowhere").status_code() == 404);
}

TEST_CASE("append_slash redirects to the route with the slash and keeps the query") {
  TestApp app;
  app.config.add_route("list", "/list/");
  app.config.add_route("any", "/any/*rest");
  app.config.add_view([](Request&) { return Response("list"); }, {.route_name = "list"});
  app.config.add_notfound_view(AppendSlash::kYes);
  const Response moved = app.get("/list", {{"QUERY_STRING", "a=1"}});
  CHECK(moved.status_code() == 307);
  CHECK(moved.location() == "/list/?a=1");
  CHECK(app.get("/list/").body() == "list");
  CHECK(app.get("/other").status_code() == 404);
}

TEST_CASE("append_slash takes no notice of routes for URLs only") {
  TestApp app;
  app.config.add_route("static", "/static/", {.is_static = true});
  app.config.add_route("external", "https://example.com/external/");
  app.config.add_route("served", "/{any}/");
  app.config.add_route("hidden", "/hidden/x/", {.is_static = true});
  app.config.add_notfound_view(AppendSlash::kYes);
  CHECK(app.get("/hidden/x").status_code() == 404);
  CHECK(app.get("/static").location() == "/static/");  // "served" takes it
}

TEST_CASE("append_slash never leads to another host") {
  TestApp app;
  app.config.add_route("pair", "/{a:.*}/{b}/");
  app.config.add_notfound_view(AppendSlash::kYes);
  const Response moved = app.get("//evil.example/x");
  CHECK(moved.status_code() == 307);
  CHECK(moved.location() == "http://localhost//evil.example/x/");
}

TEST_CASE("a bad form is seen by the exception view and does not fail it again") {
  ThrowingApp app;
  app.config.add_view([](Request& request) { return Response(request.POST()["a"]); },
                      {.name = "form"});
  app.config.add_exception_view([](const HTTPBadRequest& error, Request&) {
    return Response("bad: " + error.detail(), 400);
  });
  const Response response = app.request(
      "POST", "/form", {{"CONTENT_TYPE", "multipart/form-data; boundary=B"}}, "--B\r\nx");
  CHECK(response.status_code() == 400);
  CHECK_THAT(response.body(), Contains("bad: "));
}

TEST_CASE("a view may not be for exceptions only and for a class that is none") {
  TestApp app;
  app.config.add_view([](Request&) { return Response(); },
                      {.context = context_type<Resource>(), .exception_only = true});
  CHECK_THAT(configuration_error_of([&] { app.config.commit(); }), Contains("exception"));
}
