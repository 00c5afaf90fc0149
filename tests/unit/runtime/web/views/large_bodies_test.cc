#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

namespace large_bodies_test {

using namespace aiopyr;

namespace {

const std::string kJson = "application/json";
const std::string kForm = "application/x-www-form-urlencoded";

std::string numbers(int count) {
  std::string text = "[0";
  for (int i = 1; i < count; ++i) text += ",1";
  return text + "]";
}

/// An app with one view, and the number of jobs that threads have got.
struct LargeApp : TestApp {
  template <class F>
  explicit LargeApp(F view, MapperRef mapper = {}) {
    loop.set_default_executor(executor);
    config.add_view(view, {.renderer = "json", .mapper = std::move(mapper)});
  }

  Response post(const std::string& type, const std::string& body) {
    return request("POST", "/",
                   {{"CONTENT_TYPE", type}, {"CONTENT_LENGTH", std::to_string(body.size())}}, body);
  }
  [[nodiscard]] int jobs() const { return static_cast<int>(executor->counters().jobs.value()); }

  std::shared_ptr<Executor> executor = std::make_shared<Executor>(Executor::Options{2, 10});
};

Task<Json> moving(Request& request) { co_return request.take_json_body(); }
Task<Json> measuring(Request& request) { co_return Json(request.json_body().size()); }
Task<Json> looking_away(Request& request) { co_return Json(request.body().size()); }
Task<Json> asking_for_form(Request& request) { co_return Json(request.POST().size()); }

}  // namespace

TEST_CASE("a large body of JSON is parsed, written and freed in threads, for a coroutine") {
  LargeApp app(moving);
  const std::string text = numbers(100000);
  CHECK(app.post(kJson, text).body() == text);
  CHECK(app.jobs() == 3);
}

TEST_CASE("a value that is kept by the request is freed in a thread, too") {
  LargeApp app(measuring);
  CHECK(app.post(kJson, numbers(100000)).body() == "100000");
  CHECK(app.jobs() == 2);
}

TEST_CASE("what is small needs no thread") {
  LargeApp app(moving);
  CHECK(app.post(kJson, "[1,2]").body() == "[1,2]");
  CHECK(app.jobs() == 0);
}

TEST_CASE("JSON is known by its first byte where its type says nothing of it") {
  for (const std::string& type :
       {kForm, std::string(), std::string("application/vnd.x+json"), std::string("text/plain")}) {
    CAPTURE(type);
    LargeApp app(measuring);
    CHECK(app.post(type, " \n" + numbers(100000)).body() == "100000");
    CHECK(app.jobs() == 2);
  }
}

TEST_CASE("a view on a fiber has a large body parsed in a thread when it asks") {
  LargeApp app([](Request& request) { return Json(request.json_body().size()); }, FiberMapper{});
  CHECK(app.post(kJson, numbers(100000)).body() == "100000");
  CHECK(app.jobs() == 2);
}

TEST_CASE("a view on a fiber that does not ask has nothing parsed") {
  LargeApp app([](Request& request) { return Json(request.body().size()); }, FiberMapper{});
  CHECK(app.post(kJson, numbers(100000)).body() == "200001");
  CHECK(app.jobs() == 0);
}

TEST_CASE("a view in a thread parses there") {
  LargeApp app([](Request& request) { return Json(request.json_body().size()); });
  CHECK(app.post(kJson, numbers(100000)).body() == "100000");
  // One job runs the view, and one frees the value.
  CHECK(app.jobs() == 2);
}

TEST_CASE("a large form is parsed in a thread") {
  LargeApp app(asking_for_form);
  const std::string form = "a=" + std::string(50000, 'x') + "&b=1";
  CHECK(app.post(kForm, form).body() == "2");
  CHECK(app.jobs() == 1);
}

TEST_CASE("a coroutine that does not ask for what is in a large body gets it parsed once only") {
  LargeApp app(looking_away);
  for (int i = 0; i < 3; ++i) {
    CHECK(app.post(kJson, numbers(100000)).body() == "200001");
  }
  // One job parses the body, and one frees the value.
  CHECK(app.jobs() == 2);
}

TEST_CASE("a coroutine that has asked once has large bodies parsed before it begins from then on") {
  LargeApp app([](Request& request) -> Task<Json> {
    if (request.header("X-Ask").empty()) co_return Json("no");
    co_return Json(request.json_body().size());
  });
  const std::string text = numbers(100000);
  const auto ask = [&](const std::string& word) {
    return app
        .request("POST", "/",
                 {{"CONTENT_TYPE", kJson},
                  {"CONTENT_LENGTH", std::to_string(text.size())},
                  {"HTTP_X_ASK", word}},
                 text)
        .body();
  };
  CHECK(ask("") == "\"no\"");
  CHECK(app.jobs() == 2);
  // The body is parsed where it is asked for.
  CHECK(ask("x") == "100000");
  CHECK(app.jobs() == 3);
  CHECK(ask("") == "\"no\"");
  CHECK(app.jobs() == 5);
  CHECK(ask("x") == "100000");
  CHECK(app.jobs() == 7);
}

TEST_CASE("a coroutine that refuses before it asks is not taken for one that never asks") {
  LargeApp app([](Request& request) -> Task<Json> {
    if (request.header("X-Ask").empty()) throw HTTPForbidden();
    co_return Json(request.json_body().size());
  });
  const std::string text = numbers(100000);
  CHECK(app.post(kJson, text).status_code() == 403);
  CHECK(app.jobs() == 2);
  CHECK(app.post(kJson, text).status_code() == 403);
  CHECK(app.jobs() == 4);
}

TEST_CASE("what is wrong with a large body is nobody's business who does not ask for it") {
  LargeApp app(looking_away);
  CHECK(app.post(kJson, numbers(100000) + "]").status_code() == 200);
}

TEST_CASE("what is wrong with a large body is a 400 for who asks for it") {
  LargeApp app(measuring);
  CHECK(app.post(kJson, numbers(100000) + "]").status_code() == 400);
}

TEST_CASE("what is wrong with a large body is met each time") {
  LargeApp app([](Request& request) -> Task<Json> {
    int errors = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        static_cast<void>(request.json_body());
      } catch (const HTTPBadRequest&) {
        ++errors;
      }
    }
    co_return Json(errors);
  });
  CHECK(app.post(kJson, numbers(100000) + "]").body() == "2");
  CHECK(app.jobs() == 1);
}

TEST_CASE("a body that was taken is parsed anew for who asks after that") {
  LargeApp app([](Request& request) -> Task<Json> {
    const Json taken = request.take_json_body();
    co_return Json(taken == request.json_body());
  });
  CHECK(app.post(kJson, R"({"a":[1,"x"]})").body() == "true");
}

TEST_CASE("a request that is cancelled while a thread parses for it stays until that has ended") {
  LargeApp app(measuring);
  app.handler = app.config.make_app();
  const std::string text = numbers(100000);
  MapEnviron variables(MapEnviron::Variables{{"PATH_INFO", "/"},
                                             {"REQUEST_METHOD", "POST"},
                                             {"CONTENT_TYPE", kJson},
                                             {"CONTENT_LENGTH", std::to_string(text.size())}},
                       text);
  bool cancelled = false;
  Fiber& fiber = Fiber::start(app.loop, [&] {
    Request request(variables, app.config.registry());
    try {
      static_cast<void>(app.handler(request));
    } catch (const CancelledError&) {
      cancelled = true;
    }
  });
  CHECK(app.jobs() == 1);
  fiber.cancel();
  for (int i = 0; i < 10000 && !cancelled; ++i) app.loop.run_once(true);
  CHECK(cancelled);
}

}  // namespace large_bodies_test
