#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/web/request/request_context.h>
#include <aiopyr/testing.h>
#include <aiopyr/web.h>

using namespace aiopyr;
using aiopyr::detail::is_traceparent;

namespace {

constexpr std::string_view kTrace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Task<Json> passed_on(Request&) {
  TaskContext* const context = co_await task_context();
  co_return Json{{"id", context->request_id()},
                 {"traceparent", context->traceparent()},
                 {"tracestate", context->tracestate()}};
}

void telling_app(Configurator& config) {
  config.add_route("home", "/");
  config.add_view(passed_on, {.route_name = "home", .renderer = "json"});
}

}  // namespace

TEST_CASE("a view's tasks know the request's identifier and its place in a trace") {
  aiopyr::testing::TestClient client(telling_app);
  const auto answer = client
                          .get("/", {.headers = {{"X-Request-ID", "abc"},
                                                 {"traceparent", std::string(kTrace)},
                                                 {"tracestate", "vendor=1"}}})
                          .json();
  CHECK(answer.at("id") == "abc");
  CHECK(answer.at("traceparent") == kTrace);
  CHECK(answer.at("tracestate") == "vendor=1");
}

TEST_CASE("a trace that is not valid is not passed on, nor its state") {
  aiopyr::testing::TestClient client(telling_app);
  const auto answer =
      client.get("/", {.headers = {{"traceparent", "00-bad"}, {"tracestate", "vendor=1"}}}).json();
  CHECK(answer.at("traceparent") == "");
  CHECK(answer.at("tracestate") == "");
  CHECK(answer.at("id").get<std::string>().size() == 32);
}

TEST_CASE("a traceparent is what W3C says it is") {
  const std::string valid(kTrace);
  CHECK(is_traceparent(valid));
  for (std::size_t length = 0; length < valid.size(); ++length) {
    CHECK_FALSE(is_traceparent(std::string_view(valid).substr(0, length)));
  }
  for (std::size_t at = 0; at < valid.size(); ++at) {
    std::string wrong = valid;
    wrong[at] = 'X';
    CHECK_FALSE(is_traceparent(wrong));
  }
  CHECK_FALSE(is_traceparent("ff" + valid.substr(2)));
  CHECK_FALSE(is_traceparent(valid + "-more"));
  CHECK(is_traceparent("01" + valid.substr(2) + "-more"));
  CHECK_FALSE(is_traceparent("01" + valid.substr(2) + "more"));
  CHECK_FALSE(is_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  CHECK_FALSE(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
}
