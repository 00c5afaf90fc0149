#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/rendering/renderers.h>

using namespace aiopyr;

namespace {

struct JsonpApp : TestApp {
  JsonpApp() {
    config.add_renderer("jsonp", [](const RendererInfo&) { return make_jsonp_renderer("cb"); });
    config.add_view([](Request&) { return Json{{"a", 1}}; }, {.renderer = "jsonp"});
  }
  Response ask(std::string query) { return get("/", {{"QUERY_STRING", std::move(query)}}); }
};

}  // namespace

TEST_CASE("without a callback JSONP is JSON") {
  JsonpApp app;
  CHECK(app.ask("").body() == R"({"a":1})");
  CHECK(app.ask("").content_type() == "application/json");
}

TEST_CASE("with a callback JSONP is a script that calls it") {
  JsonpApp app;
  const Response response = app.ask("cb=my.call_back");
  CHECK(response.body() == R"(/**/my.call_back({"a":1});)");
  CHECK(response.content_type() == "application/javascript");
}

TEST_CASE("a script holds no character that ends its lines") {
  TestApp app;
  app.config.add_renderer("jsonp", [](const RendererInfo&) { return make_jsonp_renderer("cb"); });
  app.config.add_view(
      [](Request&) {
        return Json{"a\u2028b\u2029\u2028", "\u2027\u202A \u20AC"};
      },
      {.renderer = "jsonp"});
  CHECK(app.get("/", {{"QUERY_STRING", "cb=f"}}).body() ==
        "/**/f([\"a\\u2028b\\u2029\\u2028\",\"\u2027\u202A \u20AC\"]);");
}

TEST_CASE("a callback that is no name is a bad request") {
  JsonpApp app;
  for (const char* name : {"", "1a", "a.", "a(b", "alert(1)//", "a%20b", "a%3Cb"}) {
    CHECK(app.ask(std::string("cb=") + name).status_code() == 400);
  }
  CHECK(app.ask("cb=" + std::string(200, 'a')).status_code() == 400);
}
