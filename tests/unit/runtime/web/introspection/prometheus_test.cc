#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/introspection/prometheus.h>
#include <aiopyr/runtime/web/introspection/request_counters.h>
#include <aiopyr/runtime/web/testing/dummy_security_policy.h>

using namespace aiopyr;

namespace {

/// A server with counters.
class CountingEnviron final : public MapEnviron {
 public:
  using MapEnviron::MapEnviron;
  [[nodiscard]] std::string metrics_text() const override { return "x 1\n"; }
};

CountingEnviron asking_for(std::string path, std::string method = "GET") {
  return CountingEnviron(
      MapEnviron::Variables{{"REQUEST_METHOD", std::move(method)}, {"PATH_INFO", std::move(path)}});
}

}  // namespace

TEST_CASE("One line serves the server's figures in Prometheus' format", "[web][metrics]") {
  TestApp app;
  app.config.include(prometheus("/metrics"));
  auto asked = asking_for("/metrics");
  const Response response = app.send(asked);
  CHECK(response.status_code() == 200);
  CHECK(response.headers().get("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(response.body() == "x 1\n");
}

TEST_CASE("A server that counts nothing has no figures", "[web][metrics]") {
  TestApp app;
  app.config.include(prometheus());
  const Response response = app.get("/metrics");
  CHECK(response.status_code() == 200);
  CHECK(response.body().empty());
}

TEST_CASE("The figures are only read, and the path is the app's to choose", "[web][metrics]") {
  TestApp app;
  app.config.include(prometheus("/internal/figures", {.route_name = "figures"}));
  CHECK(app.request("POST", "/internal/figures").status_code() == 404);
  CHECK(app.get("/metrics").status_code() == 404);
  CHECK(app.config.registry().routes.find("figures") != nullptr);
}

TEST_CASE("The app's permissions hold for the figures too", "[web][metrics]") {
  for (const auto& [permission, status] :
       std::map<std::string, int>{{"", 403}, {"see", 403}, {kNoPermissionRequired, 200}}) {
    TestApp app;
    app.config.set_security_policy(testing::DummySecurityPolicy({.permissive = false}));
    app.config.set_default_permission("anything");
    app.config.include(prometheus("/metrics", {.permission = permission}));
    CHECK(app.get("/metrics").status_code() == status);
  }
}

TEST_CASE("Statuses are counted each for itself, and what is none as 500", "[web][metrics]") {
  StatusCounters statuses;
  for (const int status : {100, 204, 204, 599, 0, 99, 600, -1}) statuses.count(status);
  CHECK(statuses.value(100) == 1);
  CHECK(statuses.value(204) == 2);
  CHECK(statuses.value(599) == 1);
  CHECK(statuses.value(500) == 4);
}
