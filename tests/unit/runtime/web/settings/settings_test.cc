#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/web/settings/settings.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

namespace {

/// Sets an environment variable during a test.
struct Variable {
  Variable(const char* n, const char* value) : name(n) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name); }
  const char* name;
};

std::string completed(const Settings& settings, const std::string& key) {
  const Settings all = complete_settings(settings);
  const auto found = all.find(key);
  return found == all.end() ? "-" : found->second;
}

}  // namespace

TEST_CASE("truthy strings are Pyramid's") {
  for (const char* text : {"t", "TRUE", "y", "Yes", "on", "1"}) {
    CHECK(asbool({{"key", text}}, "key"));
  }
  for (const char* text : {"", "f", "0", "off", "enabled"})
    CHECK_FALSE(asbool({{"key", text}}, "key"));
  CHECK_FALSE(asbool({}, "key"));
}

TEST_CASE("Pyramid's switches may have its prefix") {
  CHECK(completed({{"pyramid.reload_templates", "yes"}}, "reload_templates") == "true");
  CHECK(completed({{"reload_templates", "no"}}, "reload_templates") == "false");
  CHECK(completed({}, "reload_templates") == "-");
}

TEST_CASE("a switch for all of a kind turns them on, and only them") {
  CHECK(completed({{"debug_all", "1"}}, "debug_notfound") == "true");
  CHECK(completed({{"debug_all", "1"}, {"debug_notfound", "0"}}, "debug_notfound") == "true");
  CHECK(completed({{"debug_all", "1"}}, "reload_templates") == "-");
}

TEST_CASE("the environment overrides the settings") {
  const Variable off("PYRAMID_RELOAD_TEMPLATES", "0");
  CHECK(completed({{"reload_templates", "1"}}, "reload_templates") == "false");
  const Variable on("PYRAMID_DEBUG_ALL", "1");
  CHECK(completed({}, "debug_routematch") == "true");
}

TEST_CASE("debugging of routes and of what is not found goes to the log") {
  TestApp app(Settings{{"debug_all", "true"}});
  app.config.add_route("user", "/users/{name}");
  CHECK(app.get("/users/ann").status_code() == 404);
  REQUIRE(app.log.size() == 2);
  CHECK_THAT(app.log[0], Contains("'user'") && Contains("name=ann"));
  CHECK_THAT(app.log[1], Contains("debug_notfound") && Contains("/users/ann"));
  app.log.clear();
  CHECK(app.get("/none").status_code() == 404);
  CHECK_THAT(app.log.at(0), Contains("no route matched"));
}

TEST_CASE(
    "a setting that is missing is named, with the line to add and the name that may be meant") {
  Settings settings{{"db.uri", "postgresql:///x"}};
  CHECK(settings.at("db.uri") == "postgresql:///x");
  CHECK_THROWS_WITH(settings.at("db.url"),
                    "there is no setting 'db.url': add `aiopyr-set = db.url=...` to the ini file; "
                    "is 'db.uri' meant?");
  const Settings none;
  CHECK_THROWS_AS(none.at("secret"), KeyError);
  CHECK_THROWS_WITH(none.at("secret"),
                    "there is no setting 'secret': add `aiopyr-set = secret=...` to the ini file");
}
