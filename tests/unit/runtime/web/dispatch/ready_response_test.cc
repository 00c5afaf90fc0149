#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request_id.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

/// Records what a server gets from an app whose handler is `app`, and its log.
struct ServedApp {
  explicit ServedApp(Handler app, std::string method = "GET")
      : variables(
            MapEnviron::Variables{{"REQUEST_METHOD", std::move(method)}, {"PATH_INFO", "/x"}}),
        handler(app) {
    registry.set_logger([this](LogLevel, std::string_view line) { log.emplace_back(line); });
  }
  Response ask() {
    Request request(variables, registry);
    return detail::ask_app(handler, request);
  }

  MapEnviron variables;
  Registry registry;
  Handler handler;
  std::vector<std::string> log;
};

Response say_hello(Request&) { return Response("hello"); }

}  // namespace

TEST_CASE("a response that was made around the router is made ready") {
  const Response response = ServedApp(say_hello).ask();
  CHECK(response.headers().get("Content-Length", "") == "5");
  CHECK(response.body() == "hello");
}

TEST_CASE("a response to HEAD keeps its headers and loses its body") {
  const Response response = ServedApp(say_hello, "HEAD").ask();
  CHECK(response.headers().get("Content-Length", "") == "5");
  CHECK_FALSE(response.has_body());
}

TEST_CASE("a response that is ready is left alone, so that the length for HEAD stays") {
  const auto ready = [](Request& request) {
    Response response("hello");
    detail::make_ready(response, request);
    return response;
  };
  CHECK(ServedApp(ready, "HEAD").ask().headers().get("Content-Length", "") == "5");
}

TEST_CASE("a status without a body has neither type nor length, also around the router") {
  const Response response = ServedApp([](Request&) { return Response("", 204); }).ask();
  CHECK_FALSE(response.headers().contains("Content-Type"));
  CHECK_FALSE(response.headers().contains("Content-Length"));
}

TEST_CASE("a ready response tells the request's id where it has one") {
  const auto with_id = [](Request& request) {
    static_cast<void>(request.id());
    return Response("x");
  };
  CHECK(ServedApp(with_id).ask().headers().contains(kRequestIdHeader));
  CHECK_FALSE(ServedApp(say_hello).ask().headers().contains(kRequestIdHeader));
}

TEST_CASE("an exception from around the router is answered and logged as the router's own") {
  ServedApp failed([](Request&) -> Response { throw Error("boom"); });
  const Response response = failed.ask();
  CHECK(response.status_code() == 500);
  CHECK_THAT(response.body(), !Contains("boom"));
  REQUIRE(failed.log.size() == 1);
  CHECK_THAT(failed.log[0], Contains("GET /x") && Contains("boom"));

  ServedApp missing([](Request&) -> Response { throw HTTPNotFound("nothing"); });
  CHECK_THAT(missing.ask().body(), Contains("nothing"));
  CHECK(missing.log.empty());
}

TEST_CASE("what has no answer goes on to the server") {
  CHECK_THROWS_AS(ServedApp([](Request&) -> Response { throw ClientDisconnected("gone"); }).ask(),
                  ClientDisconnected);
  CHECK_THROWS_AS(ServedApp([](Request&) -> Response { throw CancelledError(); }).ask(),
                  CancelledError);
}

TEST_CASE("an answer without a request is made ready from its environ") {
  MapEnviron variables(
      MapEnviron::Variables{{"REQUEST_METHOD", "HEAD"}, {"HTTP_ACCEPT", "application/json"}});
  Response response = HTTPNotFound("nothing");
  detail::make_ready(response, variables);
  CHECK(response.content_type() == "application/json");
  CHECK(response.headers().get("Content-Length", "0") != "0");
  CHECK_FALSE(response.has_body());
}
