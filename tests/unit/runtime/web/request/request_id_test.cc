#include <set>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/request/request_id.h>

using namespace aiopyr;

namespace {

std::string ask_for_id(Request& request) { return request.id(); }
std::string ask_for_nothing(Request&) { return "x"; }
std::string fail_after_asking(Request& request) {
  throw std::runtime_error("broken " + std::string(request.id().empty() ? "no id" : "pipe"));
}

void add_views(Configurator& config) {
  config.add_route("id", "/id");
  config.add_view(ask_for_id, {.route_name = "id", .renderer = "string"});
  config.add_route("none", "/none");
  config.add_view(ask_for_nothing, {.route_name = "none", .renderer = "string"});
  config.add_route("fail", "/fail");
  config.add_view(fail_after_asking, {.route_name = "fail", .renderer = "string"});
}

}  // namespace

TEST_CASE("An id is letters, digits and marks that no log has to escape", "[web][request_id]") {
  CHECK(is_request_id("7f3a-22_B.c:d/e+f=g@h~i"));
  CHECK(is_request_id(std::string(128, 'a')));
  for (const std::string_view text :
       {"", "a b", "a\"b", "a\\b", "a\nb", "a,b", "a;b", "a%b", "<a>", "\x7f", "\xc3\xa4"}) {
    CAPTURE(text);
    CHECK_FALSE(is_request_id(text));
  }
  CHECK_FALSE(is_request_id(std::string(129, 'a')));
  CHECK_FALSE(is_request_id(std::string_view("a\0b", 3)));
}

TEST_CASE("Ids that are made are random, and could have been sent", "[web][request_id]") {
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) made.insert(make_request_id(""));
  CHECK(made.size() == 100);
  CHECK(made.begin()->size() == 32);
  CHECK(is_request_id(*made.begin()));
}

TEST_CASE("A request's id is what the client sent, where that can be one", "[web][request_id]") {
  MapEnviron sane(MapEnviron::Variables{{"HTTP_X_REQUEST_ID", "abc-1"}});
  CHECK(Request(sane).id() == "abc-1");
  MapEnviron insane(MapEnviron::Variables{{"HTTP_X_REQUEST_ID", "\"}\n{"}});
  CHECK(Request(insane).id().size() == 32);
}

TEST_CASE("A request keeps its id, and has none before it is asked for", "[web][request_id]") {
  MapEnviron variables;
  Request request(variables);
  CHECK_FALSE(request.has_id());
  const std::string id = request.id();
  CHECK(request.has_id());
  CHECK(request.id() == id);
}

TEST_CASE("The response takes the id back once somebody has asked for it", "[web][request_id]") {
  TestApp app;
  add_views(app.config);
  const Response response = app.get("/id", {{"HTTP_X_REQUEST_ID", "from-client"}});
  CHECK(response.body() == "from-client");
  CHECK(response.headers().get("X-Request-ID") == "from-client");
  const Response plain = app.get("/none", {{"HTTP_X_REQUEST_ID", "from-client"}});
  CHECK_FALSE(plain.headers().contains("X-Request-ID"));
}

TEST_CASE("An error line names the request, and so does the answer", "[web][request_id]") {
  TestApp app;
  add_views(app.config);
  const Response response = app.get("/fail", {{"HTTP_X_REQUEST_ID", "abc"}});
  CHECK(response.status_code() == 500);
  CHECK(response.headers().get("X-Request-ID") == "abc");
  REQUIRE(app.log.size() == 1);
  CHECK(app.log[0] == "route 'fail' [abc]: std::runtime_error: broken pipe");
}
