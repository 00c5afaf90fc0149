#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/dispatch/rendering.h>
#include <aiopyr/runtime/web/testing/dummy_request.h>
#include <aiopyr/runtime/web/testing/dummy_resource.h>
#include <aiopyr/runtime/web/testing/run.h>
#include <aiopyr/runtime/web/traversal/traversal.h>

using namespace aiopyr;
using namespace std::chrono_literals;
using testing::DummyRequest;
using testing::TestConfig;

namespace {

Task<Json> slow_sum(Request& request) {
  co_await sleep(3600.0);
  co_return Json(request.params().get<int>("a") + request.params().get<int>("b"));
}

}  // namespace

TEST_CASE("a dummy request is a request to a site that does not exist") {
  DummyRequest request;
  CHECK(request.url() == "http://example.com/");
  CHECK(request.method() == "GET");
  CHECK(request.params().empty());
  CHECK(request.context() == nullptr);
}

TEST_CASE("a dummy request has what it is given") {
  Resource context;
  DummyRequest request({.params = {{"q", "a b"}},
                        .headers = {{"X-Kind", "test"}},
                        .cookies = {{"c", "x;y"}},
                        .path = "/a b",
                        .matchdict = {{"id", "3"}},
                        .attributes = {{"user", 7}},
                        .context = &context});
  CHECK(request.params()["q"] == "a b");
  CHECK(request.header("X-Kind") == "test");
  CHECK(request.cookies().at("c") == "x;y");
  CHECK(request.path_info() == "/a b");
  CHECK(request.matchdict().get<int>("id") == 3);
  CHECK(std::any_cast<int>(request.attributes().at("user")) == 7);
  CHECK(request.context() == &context);
}

TEST_CASE("a dummy request with a form is a POST") {
  DummyRequest request({.post = MultiDict{{"name", "Ann"}}});
  CHECK(request.method() == "POST");
  CHECK(request.POST()["name"] == "Ann");
  CHECK(request.GET().empty());
}

TEST_CASE("a coroutine view is run to its end, and its hour of sleep takes no time") {
  DummyRequest request({.params = {{"a", "1"}, {"b", "2"}}});
  const auto begin = std::chrono::steady_clock::now();
  CHECK(testing::run_until_complete(slow_sum(request)) == 3);
  CHECK(std::chrono::steady_clock::now() - begin < 60s);
}

TEST_CASE("what a task throws is thrown by the run") {
  DummyRequest request;
  CHECK_THROWS_AS(testing::run_until_complete(slow_sum(request)), HTTPBadRequest);
}

TEST_CASE("framework code is run on a fiber, where it may call synchronized functions") {
  const auto get = synchronize([](int n) -> Task<int> {
    co_await sleep(1.0);
    co_return n + 1;
  });
  CHECK(testing::run_on_fiber([&] { return get(1); }) == 2);
}

TEST_CASE("a dummy request is for the registry of the current test's configuration") {
  TestConfig outer(Settings{{"greeting", "hi"}});
  {
    TestConfig inner(Settings{{"greeting", "hello"}});
    CHECK(DummyRequest().settings().at("greeting") == "hello");
  }
  CHECK(DummyRequest().settings().at("greeting") == "hi");
}

TEST_CASE("without a configuration a dummy request is for an app without settings") {
  CHECK(DummyRequest().settings().empty());
}

TEST_CASE("what was asked of a test's configuration is there when a request is made") {
  TestConfig config;
  config.add_request_method("answer", [](Request&) { return 42; });
  CHECK(DummyRequest().property<int>("answer") == 42);
}

TEST_CASE("a dummy renderer keeps what it is given, and gives what it is told") {
  TestConfig config;
  const auto renderer = config.testing_add_renderer("templates/page.html", "rendered");
  DummyRequest request;
  CHECK(render("templates/page.html", Json{{"n", 1}}, request) == "rendered");
  CHECK(renderer->received() == Json{{"n", 1}});
}

TEST_CASE("a dummy request's session is a dummy, of its own") {
  DummyRequest request;
  request.session()["n"] = 1;
  request.session().flash("hello");
  CHECK(request.session().get("n", 0) == 1);
  CHECK(request.session().pop_flash() == Json::array({"hello"}));
  CHECK(DummyRequest().session().empty());
}

TEST_CASE("a dummy security policy says what it is told, and notes what it was asked to do") {
  TestConfig config;
  const auto policy = config.testing_securitypolicy(
      {.userid = "ann", .permissive = false, .remember_result = {{"X-Remember", "1"}}});
  DummyRequest request;
  testing::run_on_fiber([&] {
    CHECK(request.authenticated_userid().get() == "ann");
    CHECK_FALSE(request.has_permission("edit").get());
    CHECK(remember(request, "ann").get().get("X-Remember", "") == "1");
    CHECK(forget(request).get().empty());
  });
  CHECK(policy->remembered() == "ann");
  CHECK(policy->forgotten());
}

TEST_CASE("dummy resources are traversed, and know where they are") {
  auto root = std::make_shared<testing::DummyResource>();
  root->add("people")->add("george")->attributes["age"] = 7;
  const auto george = find_resource(*root, "/people/george");
  CHECK(george->name() == "george");
  CHECK(resource_path(*george) == "/people/george");
  CHECK(dynamic_cast<testing::DummyResource&>(*george).attributes["age"] == 7);
  CHECK(root->erase("people"));
  CHECK_FALSE(root->contains("people"));
  CHECK(root->getitem("people") == nullptr);
}
